#!/bin/sh
# tests/fuzz.sh - each parser survives its corpus, and a fixed number of mutations
#
# Built with --enable-fuzz the entries are libFuzzer programs and run LGX_RUNS
# executions (20,000 unless told) from a fixed seed; otherwise they replay the
# files of their corpus.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
runs=${LGX_RUNS:-20000}

for source in "$S"/fuzz/fuzz-*.c; do
	[ -f "$source" ] || continue
	name=$(basename "$source" .c); name=${name#fuzz-}
	if [ -n "${LGX_FUZZ:-}" ]; then
		mkdir "$work/$name"
		(cd "$work" && "$B/fuzz/fuzz-$name" -runs="$runs" -seed=1 -timeout=10 \
		    -rss_limit_mb=2048 -max_len=65536 "$work/$name" "$S/fuzz/corpus/$name") >"$work/log" 2>&1
		what="$runs executions"
	else
		"$B/fuzz/fuzz-$name" "$S/fuzz/corpus/$name"/* >"$work/log" 2>&1
		what='its corpus'
	fi
	status=$?
	tail -40 "$work/log" >"$work/end"
	result $status "fuzz-$name survives $what" "$work/end"
done
[ $n -gt 0 ] || skip_all 'no fuzz entry yet'
plan
