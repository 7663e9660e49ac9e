#!/bin/sh
# tests/bad-input.sh - what every filter does when the world is not as it should be
#
# One line that says what and where, the exit status of lgx(7), nothing
# half-written, nothing lost.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
cd "$work" || exit 99

# The first night of testdata, stage by stage.
LGX_CONFIG=$S/testdata/nightly/config:$LGX_CONFIG
night=$S/testdata/nightly/night1/spool
cp "$night/qtrn-210-240304.edi" bills.edi
lgx-parse-edi "$night"/*.edi >edi.ndjson 2>/dev/null
lgx-canon edi.ndjson >records.ndjson
lgx-canon -m tms-shipments-csv "$night/shipments.csv" >>records.ndjson
lgx-reconcile --run R1 --as-of 2024-03-04 records.ndjson >decisions.ndjson
[ -s decisions.ndjson ] || { echo 'Bail out! the pipe gives no decision'; exit 99; }
mkdir folder

# expect STATUS WHAT PATTERN COMMAND...: exit status, one line of stderr that matches
expect() {
	status=$1 what=$2 pattern=$3
	shift 3
	"$@" >out 2>err </dev/null
	got=$?
	lines=$(grep -avc ': x12\.' err)	# what a cut costs a set is told beside it
	{
		echo "exit status $got, expected $status; $lines lines on stderr, one that has '$pattern' expected"
		cat err
	} >why
	[ $got = "$status" ] && grep -aq -e "$pattern" err && [ "$lines" = 1 ]
	result $? "$what" why
}

to_full() { "$@" >/dev/full; }
closed() { "$@" >&-; }

for line in 'lgx-parse-edi:bills.edi:--max-set:' 'lgx-canon:edi.ndjson:--max-line:' \
    'lgx-reconcile:records.ndjson:--max-line:--run R --as-of 2024-03-04' \
    'lgx-post:decisions.ndjson:--max-line:-l ledger.db'; do
	command=${line%%:*}; rest=${line#*:}
	input=${rest%%:*}; rest=${rest#*:}
	limit=${rest%%:*}; options=${rest#*:}
	# shellcheck disable=SC2086 # options are words
	set -- $options
	expect 3 "$command: a missing file" "absent: io.open: " "$command" "$@" absent
	expect 3 "$command: a folder" "folder: io.open: " "$command" "$@" folder
	gzip -c "$input" | head -c 1000 >cut.gz
	expect 3 "$command: a gzip cut short" "cut.gz: byte [0-9]*: io.gzip: " "$command" "$@" cut.gz
	expect 3 "$command: a full disk" "io.write: .*No space left" to_full "$command" "$@" "$input"
	expect 3 "$command: stdout closed" "io.write: " closed "$command" "$@" "$input"
	expect 3 "$command: -o into a folder that is not there" "no/out: io.open: " \
	    "$command" "$@" -o no/out "$input"
	expect 2 "$command: an unknown option" "usage: unknown option --verbsoe, did you mean --verbose" \
	    "$command" "$@" --verbsoe
	expect 2 "$command: a size that is none" "usage: $limit: '12X' is not a SIZE" \
	    "$command" "$@" "$limit" 12X
	expect 2 "$command: no configuration" "conf.open: " env LGX_CONFIG=/nonexistent \
	    "$command" "$@" --config "$work/folder" "$input"
	"$command" "$@" "$input" absent >both 2>/dev/null
	got=$?
	if [ "$command" = lgx-reconcile ]; then	# half the evidence is no ground to judge on
		[ $got = 3 ] && [ ! -s both ]
		result $? "$command: nothing is judged when an input is missing"
	else
		[ $got = 3 ] && [ -s both ]
		result $? "$command: the others are read though one is missing"
	fi
	"$command" "$@" -o kept "$input" >/dev/null 2>&1
	before=$(cksum <kept)
	"$command" "$@" -o kept absent >/dev/null 2>&1
	[ "$before" = "$(cksum <kept)" ]
	result $? "$command: an output is whole or not there"

	# Ended while it reads: by the signal, and without a trace of the output.
	mkfifo "pipe.$command"
	"$command" "$@" -o ended "pipe.$command" 2>err &
	child=$!
	exec 9>"pipe.$command"
	head -c 500 "$input" >&9
	for tick in 1 2 3 4 5 6 7 8 9 10; do	# it is ready when its output is begun
		[ -z "$(find . -name 'ended.part.*')" ] || break
		sleep "0.$tick"
	done
	kill -TERM $child
	wait $child
	[ $? = 143 ] && [ ! -e ended ] && [ -z "$(find . -name 'ended.part.*')" ]
	result $? "$command: SIGTERM leaves no half-written file"
	exec 9>&-

	# A reader that has seen enough ends it quietly.
	for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$input"; done >many
	{ "$command" "$@" many 2>err; echo $? >status; } | head -c 1 >/dev/null
	case $(cat status) in
	0 | 1 | 141) grep -aqv -e ': x12\.' err; [ $? = 1 ] ;;
	*) false ;;
	esac
	result $? "$command: a reader that leaves early is no error" err
done
expect 2 "lgx-reconcile: a date that is none" "usage: --as-of: '2026-02-30' is not a DATE" \
    lgx-reconcile --run R --as-of 2026-02-30 records.ndjson
left=$(find . -name '*.part.*')
[ -z "$left" ]
result $? "no half-written file is left"
plan
