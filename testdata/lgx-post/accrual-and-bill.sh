# booked once, repeated the second time; the case passes through
cat >in
lgx-post -v -l l.db in
lgx-post -v -l l.db in
sqlite3 l.db "SELECT date, template, account, amount, currency, load FROM journal ORDER BY entry, amount"
