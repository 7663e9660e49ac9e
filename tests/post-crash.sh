#!/bin/sh
# tests/post-crash.sh - a poster that is killed, or that cannot write, loses and doubles nothing
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
cd "$work" || exit 99
kills=${LGX_KILLS:-20}

# A night of 12,000 loads, each with its accrual and its bill.
awk 'BEGIN {
	for (i = 0; i < 12000; i++) {
		load = sprintf("L%06d", i)
		printf "{\"lgx\":1,\"kind\":\"decision\",\"id\":\"decision/R1/%s\",\"subject\":\"shipment/%s\"," \
		    "\"run\":\"R1\",\"load\":\"%s\",\"shipment\":\"%s\",\"currency\":\"USD\",\"effects\":[" \
		    "{\"template\":\"T2\",\"key\":\"main|T2|%s|1|0\",\"event_date\":\"2026-03-04\"," \
		    "\"amounts\":{\"FREIGHT_EXP\":\"%d.25\",\"ACCRUED_FREIGHT\":\"-%d.25\"}}," \
		    "{\"template\":\"T3\",\"key\":\"main|T3|%s|1|0\",\"event_date\":\"2026-03-05\"," \
		    "\"amounts\":{\"ACCRUED_FREIGHT\":\"%d.25\",\"AP_CARRIER\":\"-%d.25\"}}]}\n",
		    load, load, load, load, load, i + 1, i + 1, load, i + 1, i + 1
	}
}' >night
lgx-post -l calm.db -o calm.receipts night
lgx-ledger -l calm.db export --format csv -o calm.csv
result $? "the undisturbed night"

bad=0
i=0
while [ $i -lt "$kills" ]; do
	i=$((i + 1))
	rm -f l.db*
	lgx-post -l l.db -o receipts night 2>/dev/null &
	pid=$!
	# spread over the time that a night takes
	sleep "$(awk -v i=$i -v n="$kills" 'BEGIN { printf "%.3f", 0.02 + 0.4 * i / n }')"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	lgx-post -l l.db -o receipts night || bad=1
	lgx-ledger -l l.db export --format csv -o l.csv
	cmp -s l.csv calm.csv || bad=1
	sed 's/"state":"[a-z]*"/"state":"booked"/' receipts | cmp -s - calm.receipts || bad=1
	lgx-ledger -l l.db verify >/dev/null || bad=1
done
result $bad "killed $kills times and run again: the same books, complete receipts"

# Posters at once on one ledger: each key once.
rm -f l.db*
head -3000 night >part
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	lgx-post -l l.db -o receipts.$i part 2>>busy &
done
wait
lgx-post -l l.db -o receipts night
lgx-ledger -l l.db export --format csv -o l.csv && cmp -s l.csv calm.csv && [ ! -s busy ]
result $? "sixteen posters at once: each key once, no busy error"
[ "$(cat receipts.[0-9]* | grep -c '"state":"booked"')" = 6000 ]
result $? "and each key booked by one of them"

head -100 night >few
if [ -w /dev/full ]; then
	lgx-post -l f.db -o /dev/full few 2>err
	[ $? = 3 ] && grep -q 'io.write' err
	result $? "output on a full disk: status 3"
	lgx-post -l f.db few >/dev/full 2>err
	[ $? = 3 ]
	result $? "standard output on a full disk: status 3"
	lgx-post -l f.db few | grep -c '"state":"repeated"' | grep -qx 200
	result $? "what was booked before is repeated, with receipts"
fi

# A disk that is full: the file may not grow.
rm -f l.db*
(ulimit -f 512; trap '' XFSZ; exec lgx-post -l l.db -o receipts night) 2>err
[ $? = 3 ] && grep -q ledger.write err
result $? "a ledger that cannot grow: status 3"
lgx-post -l l.db -o receipts night && lgx-ledger -l l.db export --format csv -o l.csv &&
	cmp -s l.csv calm.csv
result $? "and goes on when it can"
plan
