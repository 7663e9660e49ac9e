sed 's/^short-pay: net/short-pay: gross/' "$S/mappings/rules/default.yaml" >rules.yaml
lgx-reconcile -r rules.yaml --as-of 2026-03-05 --run R1 "$D/short-pay-gross-in.ndjson"
