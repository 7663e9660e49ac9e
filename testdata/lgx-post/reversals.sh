# a mirror is linked, exact, not before its original, and happens once; again changes nothing
cat >in
lgx-post -l l.db in | jq -c '[.kind, .state, .key, .detail, .reason]'
lgx-post -q -l l.db in | jq -r 'select(.kind == "receipt") | .state' | uniq -c
lgx-ledger -l l.db export --format hledger | grep -v '^ *; \(load\|company\|scac\|customer\|run\)'
lgx-ledger -l l.db verify
