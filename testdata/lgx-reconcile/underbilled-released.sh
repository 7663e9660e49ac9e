sed 's/^underbilled: keep/underbilled: release/' "$S/mappings/rules/default.yaml" >rules.yaml
lgx-reconcile -r rules.yaml --as-of 2026-03-05 --run R1 "$D/underbilled-released-in.ndjson"
