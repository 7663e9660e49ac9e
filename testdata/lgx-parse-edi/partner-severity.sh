mkdir partners
printf 'partner: ABCD\nisa: ["02:ABCD"]\nedi:\n  severity:\n    x12.count: note\n    x12.decimal: reject\n' >partners/ABCD.yaml
lgx-parse-edi --config .:"$LGX_CONFIG" <"$D/count-se.in" | jq -c '[.kind, .st, .errors[0].severity]'
lgx-parse-edi --config .:"$LGX_CONFIG" <"$D/amount-decimal.in" | jq -c '[.kind, .reason]'
printf 'partner: ABCD\nedi: {severity: {x12.cuont: note}}\n' >partners/ABCD.yaml
lgx-parse-edi --config .:"$LGX_CONFIG" <"$D/count-se.in"
