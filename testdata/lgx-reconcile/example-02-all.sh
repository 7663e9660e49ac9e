sed 's/any(10.00, 2%)/all(10.00, 2%)/' "$S/mappings/rules/default.yaml" >rules.yaml
lgx-reconcile -r rules.yaml --as-of 2026-03-05 --run R1 "$D/example-02-all.ndjson"
