#!/bin/sh
# tests/no-memory.sh - every filter survives a failed allocation, wherever it is
#
# Each filter is run on a small input with its Nth allocation failing, N over
# the whole run (a sample of 60; all of them with LGX_LONG=1).  It must end
# with status 3, or with 0 or 1 where a library did without, never by a signal, and
# leave no half-written file.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
n=0
if [ -n "${LGX_SANITIZE:-}" ]; then
	echo '1..0 # SKIP the sanitizers have their own allocator'
	exit 0
fi
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
	n=$((n + 1))
	if [ -z "$bad" ]; then
		echo "ok $n - $what, each of $total allocations failing in turn (every ${step}th)"
	else
		echo "not ok $n - $what, each of $total allocations failing in turn (every ${step}th)"
		echo "# $bad"
	fi
}

edi=$(find "$night" -name '210*.edi' | sort | head -1)
lgx-parse-edi --usage T "$edi" >one.ndjson 2>/dev/null
lgx-canon one.ndjson >canon.ndjson 2>/dev/null
lgx-reconcile --run R1 --as-of 2026-03-02 canon.ndjson >decisions.ndjson 2>/dev/null
head -20 decisions.ndjson >few.ndjson
sweep lgx-parse-edi lgx-parse-edi -o out "$edi"
sweep lgx-canon lgx-canon -o out one.ndjson
sweep lgx-reconcile lgx-reconcile --run R1 --as-of 2026-03-02 -o out canon.ndjson
sweep lgx-post lgx-post -l out.db -o out few.ndjson
echo "1..$n"
