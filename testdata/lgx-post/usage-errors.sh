# what is wrong with the command line, the ledger or the configuration is said before anything is read
lgx-post; echo $?
lgx-post -l . </dev/null; echo $?
echo 'no database, but long enough to be looked at as one' >x
lgx-post -l x </dev/null; echo $?
lgx-post -l no/such/folder/l.db </dev/null; echo $?
lgx-post -l l.db </dev/null; sqlite3 l.db 'PRAGMA user_version = 2'
lgx-post -l l.db </dev/null; echo $?
mkdir -p c/journals
printf 'companies:\n  main:\n    currencies: [USD]\n    accounts: {FREIGHT_EXP: Costs}\n' >c/journals/main.yaml
lgx-post --config c -l m.db </dev/null; echo $?
printf 'templates:\n  T3:\n    journal: bill\n    lines: {AP: credit}\n' >c/journals/main.yaml
lgx-post --config c -l m.db </dev/null; echo $?
ls
