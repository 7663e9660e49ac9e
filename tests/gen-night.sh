#!/bin/sh
# tests/gen-night.sh - generated nights are judged as their truth file says
#
# 300 loads each for three seeds; LGX_LONG=1 thirty seeds, 3000 loads each.
# The seed is in the name of the check: bench/gen-night -n LOADS -s SEED -o DIR.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
need jq lgx-parse-edi lgx-canon lgx-reconcile
cd "$work" || exit 99
loads=300 seeds='1 2 3'
[ -z "${LGX_LONG:-}" ] || { loads=3000; seeds=$(seq 1 30); }

"$B/bench/gen-night" -n 50 -s 7 -o one && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$B/bench/gen-night" -n 50 -s 7 -o two &&
    diff -r one two >diff.txt
result $? "the same seed gives the same bytes" diff.txt
"$B/bench/gen-night" -n 50 -s 8 -o two && ! cmp -s one/truth.csv two/truth.csv
result $? "another seed gives another night"

# Rows of truth.csv, from decisions.
judged() {
	jq -r 'select(.kind == "decision") |
	    if .subject | startswith("invoice/") then
	        (.subject | split("/")) as $id |
	        ["bill", $id[1], $id[2], ($id[3] | if . == "~" then "" else . end), .load // "",
	            .outcome, .billed, .approved]
	    else
	        ["load", .scac, "", "", .load, .outcome, "", ""]
	    end | join(",")'
}

for seed in $seeds; do
	rm -rf night
	"$B/bench/gen-night" -n "$loads" -s "$seed" -o night || exit 99
	sed 1d night/truth.csv | sort >truth
	{
		lgx-parse-edi -q night/2*.edi | lgx-canon -q
		lgx-canon -q -m tms-shipments-csv night/shipments.csv
	} >records 2>err
	lgx-reconcile -q --run gen --as-of 2024-03-05 records 2>>err | judged | sort >judged.txt
	diff truth judged.txt >diff.txt && [ ! -s err ]
	rc=$?
	cat err >>diff.txt
	result $rc "seed $seed: $(wc -l <truth) outcomes of $loads loads" diff.txt
done
plan
