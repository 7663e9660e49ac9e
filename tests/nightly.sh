#!/bin/sh
# tests/nightly.sh - both nights of testdata/nightly, judged by CASES and expected/
#
# testdata/nightly/CASES says by hand what must become of every bill and load;
# testdata/nightly/expected/ holds the files to read and to diff.
# LGX_BLESS=1 writes expected/ anew; CASES is never written by a program.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
# shellcheck source=tests/night.inc.sh
. "$S/tests/night.inc.sh"
night_config
want=$night_data/expected

need jq lgx-ledger lgx-post lgx-reconcile lgx-replay

# expect NAME FILE: the same as expected/NAME
expect() {
	[ -z "${LGX_BLESS:-}" ] || { mkdir -p "$want"; cp "$2" "$want/$1"; }
	diff -u "$want/$1" "$2" >"$work/diff" 2>&1
	result $? "$1 is as expected" "$work/diff"
}

# What CASES says of a night: subject, load, outcome, decision, route, approved.
cases_of() { # NIGHT
	awk -F, -v night="$1" -v OFS='\t' '
	NR == 1 { next }
	{ at = night == 1 ? 3 : 7 }
	$at == "-" || $at == "" { next }
	{ print $1, $2, $at, $(at + 1), $(at + 2), $(at + 3) }
	' "$night_data/CASES" | sort
}

# The same of the decisions; of loads only the outcome is in CASES.
decided() { # FILE
	jq -r 'select(.kind == "decision") |
	    if .subject | startswith("shipment/")
	    then [.load, .load, .outcome, "", "", ""]
	    else [(.subject | sub("/[0-9a-f]{12}(#[0-9]+)?$"; "")), .load // "-", .outcome,
	        .decision, .route, .approved // "-"]
	    end | join("\t")' "$1" | sort
}

# A decision in a line, for expected/.
summary() { # FILE
	jq -r 'select(.kind == "decision") | [
	    (.subject | sub("/[0-9a-f]{12}(#[0-9]+)?$"; "")), .load // "-", .outcome, .decision, .route,
	    .currency // "-", .expected // "-", .prior // "-", .billed // "-", .approved // "-",
	    .disputed // "-", ([.findings[]? | .code + (if .variance then ":" + .variance else "" end)] | join(" ")),
	    ([.effects[]?.template] | join(" "))] | join("\t")' "$1" | sort
}

receipts() { # FILE
	jq -r 'select(.kind == "receipt") | [.target, .state, .key // .subject, .period // "-"] | join("\t")' "$1" |
	    sort
}

night() { # NIGHT DAY
	lay_night "$1" "$home"
	run_night "$2" "$home" >"$work/report" 2>"$work/err"
	rc=$?
	cat "$work/report" >>"$work/err"
	[ $rc = 1 ]
	result $? "night $1 runs to its end, with dead letters" "$work/err"
	run=$home/runs/$2
	cases_of "$1" >"$work/cases"
	decided "$run/decisions.ndjson" >"$work/decided"
	diff -u "$work/cases" "$work/decided" >"$work/diff"
	result $? "night $1: every bill and load is judged as CASES says" "$work/diff"
	summary "$run/decisions.ndjson" >"$work/summary"
	expect "night$1.decisions.tsv" "$work/summary"
	receipts "$run/receipts.ndjson" >"$work/receipts"
	expect "night$1.receipts.tsv" "$work/receipts"
	expect "night$1.report.txt" "$run/report.txt"
}

export_to() { # FILE [FORMAT]
	lgx-ledger -l "$home/ledger.db" export --format "${2:-ndjson}" >"$1"
}

# accepted TOOL FORMAT COMMAND...: the tool takes the ledger in its own format
accepted() {
	tool=$1 format=$2; shift 2
	command -v "$1" >/dev/null || { skip "$tool accepts the ledger" "no $1"; return; }
	export_to "$work/ledger.$format" "$format" && "$@" <"$work/ledger.$format" >"$work/err" 2>&1
	result $? "$tool accepts the ledger" "$work/err"
}

home=$work/home
lay_home "$home"
night 1 2024-03-05
export_to "$work/export1"

# The same run again, and the same files again in a run of their own.
cp "$work/report" "$work/report1"
run_night 2024-03-05 "$home" >"$work/report" 2>&1
diff -u "$work/report1" "$work/report" >"$work/diff"
result $? "a run that is over only shows its table again" "$work/diff"
first=$home
home=$work/twice
cp -Rp "$first" "$home"
lay_night 1 "$home"
run_night 2024-03-05 "$home" --run twice >"$work/err" 2>&1
export_to "$work/export"
diff -u "$work/export1" "$work/export" >>"$work/err"
result $? "the same files in another run post nothing new" "$work/err"

# A disk that fills up, again and again: the run stops, and goes on when there is room.
home=$work/full
lay_home "$home"
lay_night 1 "$home"
stopped=0
for blocks in 0 1 10 30 60 100; do	# of 512 or 1024 bytes
	( ulimit -f $blocks; trap '' XFSZ; run_night 2024-03-05 "$home" ) >>"$work/err" 2>&1
	[ $? = 3 ] && stopped=$((stopped + 1))
done
run_night 2024-03-05 "$home" 2>&1 | diff "$work/report1" - >>"$work/err" && [ $stopped = 6 ]
result $? "after a full disk the run goes on to the same end" "$work/err"

# A shadow run changes nothing but its own folder.
home=$first
lay_night 2 "$home"
listing() { (cd "$home" && find . -path ./shadow -prune -o -type f -exec sha256sum {} + | sort); }
listing >"$work/before"
run_night 2024-03-06 "$home" --shadow >"$work/err" 2>&1
rc=$?
listing | diff -u "$work/before" - >>"$work/err" && [ $rc -le 1 ] && [ -s "$home/shadow/2024-03-06/report.txt" ]
result $? "a shadow run leaves everything as it was" "$work/err"

night 2 2024-03-06
# All of it in one run gives the same balances, shipment by shipment.
lgx-ledger -l "$home/ledger.db" balance --by shipment >"$work/balance2"
home=$work/one
lay_home "$home"
lay_night 1 "$home"
mv "$home/spool/shipments.csv" "$home/spool/shipments-1.csv"
lay_night 2 "$home"
run_night 2024-03-06 "$home" >"$work/err" 2>&1
lgx-ledger -l "$home/ledger.db" balance --by shipment | diff "$work/balance2" - >>"$work/err"
result $? "both nights in one run give the same balances" "$work/err"
home=$first

# The set whose SE01 was wrong: corrected by hand in its dead letter, it goes
# through the spool once more.
jq -c 'select(.kind == "deadletter" and .reason == "x12.count")' \
    "$home/runs/2024-03-05/decisions.ndjson" | sed 's/SE\*21\*0009/SE*22*0009/' >"$work/corrected"
[ "$(wc -l <"$work/corrected")" = 1 ] && grep -q 'SE\*22\*0009' "$work/corrected"
result $? "the bad set lies whole in its dead letter" "$work/corrected"

# replay NIGHT-DAY [option...]: what comes out goes into the spool, and is run
replay() {
	day=$1; shift
	lgx-replay -l "$home/ledger.db" --as-of "$day" -o "$home/spool/replayed.edi" "$@" 2>"$work/err"
	result $? "replayed on $day" "$work/err"
	touch -d "${day}T00:30:00Z" "$home/spool/replayed.edi"
	run_night "$day" "$home" >>"$work/err" 2>&1
	export_to "$work/export"
}

replay 2024-03-07 "$work/corrected"
jq -r 'select(.subject | startswith("invoice/QTRN/41700121/~/")) | .outcome + " " + .approved' \
    "$home/runs/2024-03-07/decisions.ndjson" >"$work/err" 2>&1
grep -qx 'matched 889.35' "$work/err" && [ "$(grep -c '|T3|invoice/QTRN/41700121/' "$work/export")" = 1 ]
result $? "the corrected set is matched and posted" "$work/err"
cp "$work/export" "$work/export3"
replay 2024-03-08 --again --reason x12.count "$work/corrected"
diff "$work/export3" "$work/export" >"$work/diff"
result $? "replayed once more it posts nothing" "$work/diff"

export_to "$work/ledger.hledger" hledger
expect ledger.hledger "$work/ledger.hledger"
accepted hledger hledger hledger check -f -
accepted ledger ledger ledger -f - balance
accepted beancount beancount bean-check /dev/stdin
lgx-ledger -l "$home/ledger.db" verify >"$work/err" 2>&1
result $? "the ledger verifies" "$work/err"
plan
