# test records go only into a test ledger
cat >in
lgx-post -l l.db in | jq -c '[.kind, .state, .detail]'
lgx-ledger -v -l test.db init --test
lgx-post -l test.db in | jq -c '[.kind, .state, .detail]'
