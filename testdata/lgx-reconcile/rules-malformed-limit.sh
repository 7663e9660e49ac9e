sed 's/over: 5.00/over: 5.00 or so/' "$S/mappings/rules/default.yaml" >rules.yaml
lgx-reconcile -r rules.yaml </dev/null
