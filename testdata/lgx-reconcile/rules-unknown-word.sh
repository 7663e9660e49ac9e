sed 's/^contest-days/contest-day/' "$S/mappings/rules/default.yaml" >rules.yaml
lgx-reconcile -r rules.yaml </dev/null
