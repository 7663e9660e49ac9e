# wrong words are answered with the right ones; no ledger is made by looking at one
lgx-ledger; echo $?
lgx-ledger -l l.db balence; echo $?
lgx-ledger balance; echo $?
lgx-ledger -l l.db balance; echo $?
lgx-ledger -l l.db close 2026-01; echo $?
lgx-ledger -l l.db init; echo $?
lgx-ledger -l l.db init; echo $?
lgx-ledger -l l.db close 2026-13; echo $?
lgx-ledger -l l.db close; echo $?
lgx-ledger -l l.db close 2026-01 --journal acrual; echo $?
lgx-ledger -l l.db close 2026-01 --company mian; echo $?
lgx-ledger -l l.db balance --by colour; echo $?
ls
