# operands, gzip, -d, other kinds, an operand that is not there (booked, but no output file), a closed period for one journal type
head -2 "$D/worked-examples.in" | gzip >a.gz
printf '%s\n' '{"lgx":1,"kind":"notice","id":"n","topic":"t"}' '{"kind":"party","id":"p","lgx":1}' >b
sed -n 3p "$D/worked-examples.in" | sed 's/"company":"main"/"company":"mean"/' >c
lgx-post -v -l l.db -d dead.ndjson a.gz b c - <"$D/usage.in" | jq -c '[.kind, .state, .key]'
jq -c '[.stage, .reason, .retryable]' dead.ndjson
lgx-post -l l.db -o out no-such-file a.gz; echo $?; ls
lgx-ledger -l l.db close 2026-03 --journal bill --company main --actor me
sed -n '3,4p' "$D/worked-examples.in" | lgx-post -l l.db | jq -c '[.state, .key, .period, .detail]'
lgx-ledger -l l.db verify
