cat >>rules.yaml <<EOT
$(cat "$S/mappings/rules/default.yaml")
  - name: truckload
    of: line
    mode: TL
    over: 7.00
EOT
lgx-reconcile -r rules.yaml </dev/null
