#!/bin/sh
# tests/no-memory.sh - every filter survives a failed allocation, wherever it is
#
# Each filter is run on a small input with its Nth allocation failing, N over
# the whole run (a sample of 60; all of them with LGX_LONG=1).  It must end
# with status 3, or with 0 or 1 where a library did without, never by a signal, and
# leave no half-written file.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
[ -z "${LGX_SANITIZE:-}" ] || skip_all 'the sanitizers have their own allocator'
${CC:-cc} -shared -fPIC -o "$work/fail-alloc.so" "$S/tests/fail-alloc.c" || exit 99
shim=$work/fail-alloc.so
cd "$work" || exit 99
night=$S/testdata/nightly/night1/spool

# sweep WHAT COMMAND...: the command with each allocation failing in turn
sweep() {
	what=$1
	shift
	LGX_COUNT_ALLOC=$work/count LD_PRELOAD=$shim "$@" >/dev/null 2>&1
	total=$(cat "$work/count")
	step=$((total / 60 + 1))
	[ -n "${LGX_LONG:-}" ] && step=1
	bad=
	at=1
	while [ $at -le "$total" ]; do
		rm -f out*
		LGX_FAIL_ALLOC=$at LD_PRELOAD=$shim "$@" >stdout 2>stderr
		status=$?
		if [ $status -gt 3 ]; then bad="$bad allocation $at: status $status;"; fi
		[ -z "$(find . -name '*.part.*')" ] || bad="$bad allocation $at: a part is left;"
		at=$((at + step))
	done
	echo "$bad" >why
	[ -z "$bad" ]
	result $? "$what, each of $total allocations failing in turn (every ${step}th)" why
}

LGX_CONFIG=$S/testdata/nightly/config:$LGX_CONFIG
judge='lgx-reconcile --run R1 --as-of 2024-03-05'
lgx-parse-edi -q "$night"/*.edi >edi.ndjson
lgx-canon edi.ndjson >records.ndjson
lgx-canon -m tms-shipments-csv "$night/shipments.csv" >>records.ndjson
$judge records.ndjson >decisions.ndjson
grep '"effects":' decisions.ndjson | head -20 >few.ndjson
[ -s few.ndjson ] || { echo 'Bail out! the pipe books nothing'; exit 99; }
sweep lgx-parse-edi lgx-parse-edi -o out "$night"/*.edi
sweep lgx-canon lgx-canon -o out edi.ndjson
sweep 'lgx-canon, rows' lgx-canon -m tms-shipments-csv -o out "$night/shipments.csv"
# shellcheck disable=SC2086 # a command and its options
sweep lgx-reconcile $judge -o out records.ndjson
sweep lgx-post lgx-post -l out.db -o out few.ndjson
plan
