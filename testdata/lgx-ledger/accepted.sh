# ledger, hledger and beancount each take their own form, and agree on the sums
lgx-post -q -l l.db "$S/testdata/lgx-post/worked-examples.in" >/dev/null
lgx-ledger -l l.db export --format hledger -o h.journal
lgx-ledger -l l.db export --format ledger -o l.ledger
lgx-ledger -l l.db export --format beancount -o b.beancount
want='6947.25 -1.70 -6945.55'
if command -v hledger >/dev/null; then
	hledger -f h.journal check -s && [ "$(hledger -f h.journal bal -N --format '%(total)' |
	    awk '{ print $1 }' | xargs)" = "$want" ] && echo hledger
else
	echo hledger
fi
if command -v ledger >/dev/null; then
	[ "$(ledger -f l.ledger --pedantic bal --flat --no-total --format '%(amount)\n' |
	    awk '{ print $1 }' | xargs)" = "$want" ] && echo ledger
else
	echo ledger
fi
if command -v bean-check >/dev/null; then
	bean-check b.beancount && echo beancount
else
	echo beancount
fi
