# -n says what would be booked, and leaves no ledger, no entry and no letter
lgx-post -n -l l.db "$D/conflict.in" 2>/dev/null | jq -c '[.kind, .state, .key]'
ls
head -1 "$D/conflict.in" | lgx-post -l l.db >/dev/null
lgx-post -n -l l.db "$D/conflict.in" 2>/dev/null | jq -c '[.kind, .state, .key]'
lgx-ledger -l l.db verify
lgx-replay -l l.db --list
