# freight-audit 11, example 11: small amounts move to the next open period, large ones wait
cat >in
lgx-ledger -l l.db init
lgx-ledger -l l.db close 2026-01 --actor finance --reason 'January is reported'
lgx-post -l l.db in | jq -c '[.kind, .state, .key, .period, .detail, .reason, .retryable]'
lgx-replay -l l.db --plan
lgx-replay -l l.db | lgx-post -l l.db -d dead | jq -c '[.kind, .state, .key, .period]'
lgx-ledger -l l.db reopen 2026-01 --actor finance --reason 'late PODs'
lgx-replay -l l.db | lgx-post -l l.db | jq -c '[.kind, .state, .key, .period]'
lgx-replay -l l.db --again | lgx-post -l l.db
lgx-replay -l l.db --list | sed 's/, 20.*//'
lgx-post -l l.db in | jq -c '[.kind, .state, .key, .period]'
lgx-ledger -l l.db export --format ledger | grep -e '^20' -e orig-date
sqlite3 l.db 'SELECT act, actor, reason FROM chain WHERE act IS NOT NULL'
lgx-ledger -l l.db verify
