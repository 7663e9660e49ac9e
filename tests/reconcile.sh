#!/bin/sh
# tests/reconcile.sh - what must hold of every night, and of the state
#
# Generated nights, 200 loads each for five seeds; LGX_LONG=1 sixty seeds.  The
# seed is in the name of the check: bench/gen-night -n LOADS -s SEED -o DIR.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
cd "$work" || exit 99
loads=200 seeds='1 2 3 4 5'
[ -z "${LGX_LONG:-}" ] || { loads=1000; seeds=$(seq 1 60); }

# STATUS WANTED WHAT
exits() { [ "$1" = "$2" ]; result $? "$3 (exit $1, expected $2)"; }

need jq lgx-parse-edi lgx-canon lgx-reconcile

generations() { find state/generations -type f | sort; }
judge() { lgx-reconcile -q --as-of 2024-03-05 "$@"; }

# Net amount by shipment and role over all effects of some files of decisions.
net() {
	cat "$@" | jq -r 'select(.kind == "decision") | .load as $l | .effects[]?.amounts | to_entries[] |
	    [$l, .key, (.value | sub("\\."; ""))] | @tsv' |
	    awk '{ sum[$1 " " $2] += $3 } END { for (k in sum) if (sum[k] != 0) print k, sum[k] }' | sort
}

# How many bills wait, by shipment: which copy of two waits depends on which came first.
waiting() {
	cat "$@" | jq -r 'select(.kind == "decision" and .subject[:8] == "invoice/") |
	    [.subject, .load // "", .outcome, .decision] | @tsv' |
	    awk -F'\t' '{ last[$1] = $2 " " $3 " " $4 } END { for (k in last) print last[k] }' |
	    grep -E ' (hold|dispute)$' | sort
}

for seed in $seeds; do
	rm -rf night state split
	"$B/bench/gen-night" -n "$loads" -s "$seed" -o night || exit 99
	{
		lgx-parse-edi -q night/2*.edi | lgx-canon -q
		lgx-canon -q -m tms-shipments-csv night/shipments.csv
	} >records

	judge --run A -s state --summary sums records >whole
	sort -c whole && ! grep -v '^{"lgx":1,"kind":"decision"' whole >/dev/null
	result $? "seed $seed: the output is sorted"
	jq -s -e '[.[] | select(.level == "proof") | .holds] | length > 0 and all' sums >/dev/null
	result $? "seed $seed: what was billed is all accounted for" sums
	jq -r 'select(.kind == "invoice" and .type != "consolidated") | .id' records | sort >bills
	jq -r 'select(.subject[:8] == "invoice/") | .subject' whole | sed 's/#[0-9]*$//' | sort >judged
	diff bills judged >diff.txt
	result $? "seed $seed: every bill has one decision" diff.txt
	jq -e -s '[.[].effects[]?.amounts | [.[] | sub("\\."; "") | tonumber] | add] | all(. == 0)' whole >/dev/null
	result $? "seed $seed: every effect sums to zero"
	jq -r '.effects[]?.key' whole | sort | uniq -d >diff.txt
	[ ! -s diff.txt ]
	result $? "seed $seed: no key is given twice" diff.txt

	awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' records | sort -n | cut -f2- >shuffled
	judge --run A shuffled | cmp -s - whole
	result $? "seed $seed: the order of the input does not show"
	judge --run A -s state records | cmp -s - whole
	result $? "seed $seed: the same run gives the same bytes"

	# The second half brings some of the events and transaction sets.
	jq -r --argjson seed "$seed" 'tojson as $line |
	    (if .kind == "shipment" then 1
	    elif .kind == "invoice" then ((.src.st | ltrimstr("0") | tonumber) + $seed) % 2
	    else (.id | explode | add + $seed) % 2 end) as $half | "\($half)\t\($line)"' records >halves
	sed -n 's/^1	//p' halves >first
	sed -n 's/^0	//p' halves >second
	judge --run A -s split first >one
	judge --run B -s split second >two
	net whole >net.whole; net one two >net.split
	diff net.whole net.split >diff.txt
	result $? "seed $seed: two halves book what the whole books" diff.txt
	waiting whole >waiting.whole; waiting one two >waiting.split
	diff waiting.whole waiting.split >diff.txt
	result $? "seed $seed: two halves leave open what the whole leaves open" diff.txt
	judge --run A -s split first | cmp -s - one
	result $? "seed $seed: an older run is given again"
	judge --run C -s split records >three
	net one two three >net.again
	diff net.whole net.again >diff.txt
	result $? "seed $seed: all of it once more books nothing" diff.txt
done

# The state
generations >before
judge --run A -s state second >out 2>err
exits $? 2 "the same run with other input is refused"
[ ! -s out ]; result $? "and gives nothing"
judge --run A -s state --redo second >out 2>err
exits $? 0 "unless it is redone"
judge --run A -s split --redo second >out 2>err
exits $? 2 "an older run cannot be redone"
generations | cmp -s - before
result $? "redone, it is still one generation"
if [ -c /dev/full ]; then
	judge --run D -s state records >/dev/full 2>err
	exits $? 3 "a full disk fails"
	generations | cmp -s - before
	result $? "and leaves the state as it was"
fi
judge --run D -s state records no-such-file >out 2>err
exits $? 3 "a missing operand fails"
generations | cmp -s - before
result $? "and leaves the state as it was"
for segment in state/segments/*; do printf ' ' >>"$segment"; done
judge --run D -s state records >out 2>err
exits $? 3 "a damaged segment is refused"
grep -q 'segments/[0-9a-f]*.ndjson: state.damaged' err
result $? "by its name" err
judge -s state records >out 2>err
exits $? 2 "a state needs the name of the run"
lgx-reconcile --exit-code </dev/null
exits $? 5 "nothing to audit has a status of its own"
judge --exit-code --run A first >/dev/null
exits $? 4 "so have bills that need a person"
plan
