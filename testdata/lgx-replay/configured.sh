# a refusal for want of an account, and what it blocked, go through once the account is there
mkdir -p c/journals
sed '/FREIGHT_EXP:/d' "$S/mappings/journals/main.yaml" >c/journals/main.yaml
cat >in
lgx-post --as-of 2026-03-06 --config c -l l.db in | jq -c '[.kind, .state, .key, .reason]'
lgx-replay -l l.db --list
lgx-replay -l l.db --plan
echo '-- replayed too early'
lgx-replay -l l.db --apply | lgx-post --as-of 2026-03-07 --config c -q -l l.db | jq -c '[.kind, .state, .key]'
lgx-replay -l l.db --list
echo '-- replayed with the account'
lgx-replay -v -l l.db | lgx-post -l l.db | jq -c '[.kind, .state, .key]'
lgx-replay -l l.db --list
echo '-- and again'
lgx-replay -v -l l.db --again
lgx-ledger -l l.db balance
lgx-ledger -l l.db verify
