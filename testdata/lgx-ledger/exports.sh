# every form; the same books booked in another order and in pieces export to the same bytes
head -6 >in
tail -n +3 "$D/exports.in" | head -4 >late
lgx-post -q -l l.db in >/dev/null
tac late | lgx-post -q -l m.db >/dev/null
head -2 in | lgx-post -q -l m.db >/dev/null
for form in ledger hledger beancount csv ndjson; do
	lgx-ledger -l l.db export --format $form
	lgx-ledger -l l.db export --format $form -o l.$form
	lgx-ledger -l m.db export --format $form -o m.$form
	cmp l.$form m.$form
done
lgx-ledger -l l.db export --format qif; echo $?
lgx-ledger -l l.db export; echo $?
