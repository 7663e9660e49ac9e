# the journals of freight-audit 11, examples 1, 2, 4, 6, 7c and 8; posted twice, booked once
cat >in
lgx-post -v -l l.db -o receipts in
lgx-post -v -l l.db -o again in
jq -r '[.state, .period, .key] | join(" ")' receipts
jq -r .state again | sort | uniq -c
lgx-ledger -l l.db export --format ledger
lgx-ledger -l l.db balance
lgx-ledger -l l.db balance --by shipment
lgx-ledger -l l.db verify
