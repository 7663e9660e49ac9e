# the same key with other content never overwrites, and blocks what follows of its shipment
cat >in
lgx-post -l l.db in | jq -c '[.kind, .state, .key, .detail, .reason, .retryable, .blocked_by]'
lgx-ledger -l l.db export --format csv | cut -d, -f1,3-7,10
lgx-replay -l l.db --plan
