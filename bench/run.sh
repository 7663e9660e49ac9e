#!/bin/sh
# bench/run.sh - speed and memory of each filter on a generated night
#
# make bench            about 50 MB of input
# SIZE=1G make bench    any other size (K, M, G)
# RUNS=5 make bench     the best of so many runs, default 3
#
# Each line is measured on the same bytes in the same run: seconds by the clock
# and of the processors, MB/s of input by the clock, lines out a second, peak
# memory.  The last columns are what wc -l, and gzip -dc of the same bytes packed
# by gzip -1, make of that input: measures of the machine.  On a machine that
# does other work, trust the CPU.
set -eu
LC_ALL=C; export LC_ALL
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
B=${LGX_BUILD:-$PWD}
PATH=$B:$PATH; export PATH
LGX_CONFIG=$S/mappings; export LGX_CONFIG
SIZE=${SIZE:-50M} RUNS=${RUNS:-3}
work=$(mktemp -d "${TMPDIR:-/tmp}/lgx-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work"

[ -x /usr/bin/time ] || { echo 'bench: /usr/bin/time is missing: apt-get install time'; exit 1; }

size() { cat "$@" | wc -c; }

smaller() { printf '%s\n' "$@" | sort -g | head -n 1; }

# clock COMMAND...: seconds of the best of RUNS, finer than time(1) tells
clock() {
	run=0
	while [ $run -lt "$RUNS" ]; do
		run=$((run + 1))
		begin=$(date +%s.%N)
		"$@" >/dev/null
		date +%s.%N | awk -v begin="$begin" '{ printf "%.6f\n", $1 - begin }'
	done | sort -g | head -n 1
}

# yardsticks INPUT-FILES: MB/s of wc -l and of gzip -dc on these bytes, measured once
yardsticks() {
	rates=rates.$(echo "$*" | tr -c 'a-zA-Z0-9\n' _)
	if [ ! -f "$rates" ]; then
		cat "$@" >whole
		gzip -1 -c whole >whole.gz
		# wc is too quick for one file to tell
		awk -v bytes="$(size whole)" -v gzip="$(clock gzip -dc whole.gz)" \
		    -v wc="$(clock wc -l whole whole whole whole whole whole whole whole)" \
		    'BEGIN { printf "%9.0f %9.0f\n", 8 * bytes / wc / 1e6, bytes / gzip / 1e6 }' >"$rates"
		rm whole whole.gz
	fi
	cat "$rates"
}

# measure NAME INPUT-FILES RESET COMMAND: best of RUNS; COMMAND writes out
measure() {
	name=$1 input=$2 reset=$3 command=$4
	best='' cpu='' peak=0 run=0
	while [ $run -lt "$RUNS" ]; do
		run=$((run + 1))
		rc=0
		eval "$reset" || rc=$?
		/usr/bin/time -f '%e %U %S %M' -o time sh -c "exec $command" >out 2>err || rc=$?
		if [ $rc -gt 1 ]; then
			printf '%s failed with status %d: %s\n' "$name" $rc "$(head -n 1 err)"
			exit 1
		fi
		read -r seconds user system memory <<-END
		$(tail -n 1 time)
		END
		best=$(smaller "${best:-$seconds}" "$seconds")
		user=$(awk "BEGIN { print $user + $system }")
		cpu=$(smaller "${cpu:-$user}" "$user")
		[ "$memory" -le "$peak" ] || peak=$memory
	done
	# shellcheck disable=SC2086 # lists of files
	awk -v name="$name" -v bytes="$(size $input)" -v records="$(wc -l <out)" \
	    -v s="$best" -v cpu="$cpu" -v peak=$peak -v yardsticks="$(yardsticks $input)" 'BEGIN {
		if (s < 0.01) s = 0.01
		printf "%-20s %8.1f %8.2f %7.2f %6.0f %9.0f %9.1f %s\n", name, bytes / 1e6, s, cpu,
		    bytes / 1e6 / s, records / s, peak / 1024, yardsticks
	}'
}

"$B/bench/gen-night" -b "$SIZE" -s 1 -o night
printf 'lgx on about %s of generated input, best of %s runs; records are lines out\n\n' "$SIZE" "$RUNS"
printf '%-20s %8s %8s %7s %6s %9s %9s %9s %9s\n' '' input '' CPU '' '' peak 'wc -l' 'gzip -dc' \
    '' MB seconds seconds MB/s records/s MiB MB/s MB/s
edi=$(echo night/2*.edi)
# shellcheck disable=SC2086 # lists of files
cat $edi >edi.all
measure 'lgx-parse-edi' edi.all : 'lgx-parse-edi -q edi.all'
[ ! -s out ] || mv out edi.ndjson
measure 'lgx-canon edi' edi.ndjson : 'lgx-canon -q edi.ndjson'
[ ! -s out ] || mv out canon.ndjson
measure 'parse-edi | canon' edi.all : 'sh -c "lgx-parse-edi -q edi.all | lgx-canon -q"'
measure 'lgx-canon csv' night/shipments.csv : \
    'lgx-canon -q -m tms-shipments-csv night/shipments.csv'
[ ! -s out ] || mv out ship.ndjson
measure 'lgx-canon ndjson' canon.ndjson : 'lgx-canon -q canon.ndjson'
measure 'bench-rec, the codec' canon.ndjson : "$B/bench/bench-rec canon.ndjson"
measure 'lgx-reconcile' 'canon.ndjson ship.ndjson' : \
    'lgx-reconcile -q --run bench --as-of 2024-03-05 canon.ndjson ship.ndjson'
[ ! -s out ] || mv out decisions.ndjson
measure 'lgx-post, new' decisions.ndjson 'rm -f ledger.db*; lgx-ledger -l ledger.db init >/dev/null' \
    'lgx-post -q -l ledger.db --run bench --as-of 2024-03-05 decisions.ndjson'
booking=$best
measure 'lgx-post, repeats' decisions.ndjson : \
    'lgx-post -q -l ledger.db --run again --as-of 2024-03-05 decisions.ndjson'
measure 'lgx-ledger export' ledger.db : 'lgx-ledger -l ledger.db export --format ndjson'
printf '\nPostings/s of lgx-post, and of a bare loop of SQLite that inserts the same rows alike:\n'
floor=$(run=0; while [ $run -lt "$RUNS" ]; do
	run=$((run + 1))
	"$B/bench/post-loop" ledger.db floor.db
done | sort -g | head -n 1)
entries=$(lgx-ledger -l ledger.db verify | sed 's/^entries \([0-9]*\).*/\1/')
awk -v n="$entries" -v post="$booking" -v floor="$floor" \
    'BEGIN { printf "%d entries: %.0f and %.0f, ratio %.2f\n", n, n / post, n / floor, floor / post }'
printf '\nThe codec in memory, on the first 20000 of these records:\n'
head -n 20000 canon.ndjson >some.ndjson
"$B/bench/bench-rec" -t 5 some.ndjson
