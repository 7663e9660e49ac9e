sed 's/^short-pay: net/short-pay: gross/' "$S/mappings/rules/default.yaml" >rules.yaml
lgx-reconcile -s state --run R1 --as-of 2026-03-05 -r rules.yaml "$D/credit-after-gross-night1.ndjson"
lgx-reconcile -s state --run R2 --as-of 2026-03-12 -r rules.yaml "$D/credit-after-gross-night2.ndjson"
