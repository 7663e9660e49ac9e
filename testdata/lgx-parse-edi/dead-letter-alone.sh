# a corrected dead letter can be read by itself
lgx-parse-edi -d dead <"$D/count-se.in" >/dev/null 2>&1
jq -rj '.lead + (.raw | sub("SE.9"; "SE*4")) + .tail' dead | lgx-parse-edi | jq -c '[.kind, .isa, .gs, .st]'
