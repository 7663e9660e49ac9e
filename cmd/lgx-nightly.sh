#!/bin/sh
# lgx-nightly - one night: spool, pipe, ledger, archive, report
#
# See lgx-nightly(1).  A run is a folder runs/RUN.  Every step leaves a file
# there that appears complete or not at all, and a step whose file exists is
# not done again.  So a run that was cut short, anywhere, is finished by
# starting it once more, and ends as if nothing had happened:
#
#	begun           as-of date, run before this one
#	inputs/         the files of the spool that belong to this run
#	inputs.tsv      the frozen list: name, reader, size, SHA-256, arrival
#	records/        canonical records, one file an input
#	decisions.ndjson
#	receipts.ndjson what was booked
#	report.txt      the table that is printed
#	status          the exit status; the run is over
set -u
umask 027
LC_ALL=C; export LC_ALL
unset CDPATH
PATH=$PATH:@bindir@:/usr/local/bin:/usr/bin:/bin; export PATH

me=lgx-nightly
tab=$(printf '\t')
newline='
'

usage() {
	cat <<-'END'
	usage: lgx-nightly [-c FILE] [--run ID] [--as-of DATE] [--shadow]
	Run the nightly job: lock, collect the spool, read, reconcile, post, archive, report.
	  -c, --conf FILE   configuration, default $LGX_NIGHTLY or @sysconfdir@/lgx/nightly.conf
	  --run ID          name of the run, default the as-of date
	  --as-of DATE      the day that is closed, default today (UTC)
	  --shadow          judge and show, but book nothing and leave everything where it is
	  -h, --help        this text
	  -V, --version     version
	END
}

die() { # STATUS WORDS...
	rc=$1; shift
	printf '%s: %s\n' "$me" "$*" >&2
	exit "$rc"
}

#
# Options and configuration
#

options() {
	conf=${LGX_NIGHTLY:-@sysconfdir@/lgx/nightly.conf} run='' as_of='' shadow=''
	while [ $# -gt 0 ]; do
		case $1 in
		-c | --conf | --run | --as-of) [ $# -ge 2 ] || die 2 "$1 wants an argument" ;;
		esac
		case $1 in
		-c | --conf) conf=$2; shift ;;
		--run) run=$2; shift ;;
		--as-of) as_of=$2; shift ;;
		--shadow) shadow=yes ;;
		-h | --help) usage; exit 0 ;;
		-V | --version) echo "$me @VERSION@"; exit 0 ;;
		*) usage >&2; exit 2 ;;
		esac
		shift
	done
	case $as_of in
	'' | [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
	*) die 2 "--as-of wants a date like 2024-03-05, not $as_of" ;;
	esac
	safe_name "${run:-x}" || die 2 "--run: a run is named with letters, digits, '.', '_' and '-'"
}

# Only such names are used as a part of a path, whoever gave them.
safe_name() {
	case $1 in
	'' | [.-]* | *[!A-Za-z0-9._-]*) return 1 ;;
	esac
	[ ${#1} -le 128 ]
}

trim() {
	set -- "${1#"${1%%[![:space:]]*}"}"
	printf %s "${1%"${1##*[![:space:]]}"}"
}

# Lines "key = value"; nothing in them is ever evaluated.
configure() {
	spool='' home='' ledger='' state='' mappings='' rules='' settle=60 feeds=''
	[ -r "$conf" ] || die 2 "$conf: cannot be read"
	number=0
	while IFS= read -r line || [ -n "$line" ]; do
		number=$((number + 1))
		line=$(trim "$line")
		case $line in
		'' | '#'*) continue ;;
		*=*) setting "$(trim "${line%%=*}")" "$(trim "${line#*=}")" ;;
		*) die 2 "$conf:$number: expected key = value" ;;
		esac
	done <"$conf"
	[ -n "$spool" ] || die 2 "$conf: spool is not set"
	[ -n "$home" ] || die 2 "$conf: home is not set"
	[ -n "$feeds" ] || die 2 "$conf: no feed is set"
	case $settle in '' | *[!0-9]*) die 2 "$conf: settle wants seconds" ;; esac
	# Names in the file are relative to the file.
	cd "$(dirname "$conf")" || exit 2
	[ -d "$spool" ] || die 2 "$conf: spool: $spool is not a folder"
	mkdir -p "$home/runs" "$home/archive" || exit 3
	: "${ledger:=$home/ledger.db}" "${state:=$home/state}"
	[ -z "$mappings" ] || { LGX_CONFIG=$mappings; export LGX_CONFIG; }
}

setting() { # KEY VALUE
	case $1 in
	spool) spool=$2 ;;
	home) home=$2 ;;
	ledger) ledger=$2 ;;
	state) state=$2 ;;
	mappings) mappings=$2 ;;
	rules) rules=$2 ;;
	settle) settle=$2 ;;
	feed)
		case $2 in
		?*[[:space:]]?*) feeds=$feeds$2$newline ;;
		*) die 2 "$conf:$number: expected feed = PATTERN READER" ;;
		esac ;;
	*) die 2 "$conf:$number: unknown key $1" ;;
	esac
}

#
# Files that appear complete or not at all
#

# keep FILE: FILE.part becomes FILE, durably
keep() {
	{ sync "$1.part" && mv "$1.part" "$1" && sync "$(dirname "$1")"; } ||
		die 3 "$1: cannot be written"
}

put() { # FILE TEXT
	printf '%s\n' "$2" >"$1.part" || die 3 "$1: cannot be written"
	keep "$1"
}

# Status of a filter: 0 and 1 go on (1: it made dead letters), others stop the run.
check() { # STATUS STEP LOG
	case $1 in
	0 | 1) return 0 ;;
	esac
	tail -n 5 "$3" >&2
	die "${1:-3}" "run $run: $2 ended with status $1 ($3); start the run again when the cause is gone"
}

#
# Steps
#

begin() {
	dir=$home/runs/$run
	if [ -n "$shadow" ]; then
		dir=$home/shadow/$run
		rm -rf "$dir"
	fi
	mkdir -p "$dir/inputs" "$dir/records" "$dir/log" || exit 3
	[ -f "$dir/begun" ] && return 0
	before=$(cat "$home/last" 2>/dev/null)
	put "$dir/begun" "${as_of:-$(date -u +%Y-%m-%d)}$newline$before"
}

# What the run was begun with counts, whatever today's options say.
recall() {
	{ read -r day; read -r before || :; } <"$dir/begun"
	[ -z "$as_of" ] || [ "$as_of" = "$day" ] ||
		die 2 "run $run is as of $day, not $as_of"
}

# The first feed whose pattern fits names the reader: edi or a mapping.
reader_of() { # NAME
	while read -r pattern reader; do
		# shellcheck disable=SC2254 # a pattern is wanted
		case $1 in
		$pattern) echo "$reader"; return 0 ;;
		esac
	done <<-END
	$feeds
	END
	return 1
}

# A file is ready when nobody wrote to it for a while, and a gzip is whole.
settled() { # PATH
	[ $((now - $(stat -c %Y "$1"))) -ge "$settle" ] || return 1
	case $1 in
	*.gz) gzip -qt <"$1" 2>/dev/null ;;
	esac
}

# Move what is ready from the spool into the run, until the list is frozen.
collect() {
	[ -f "$dir/inputs.tsv" ] && return 0
	now=$(date +%s)
	for path in "$spool"/* "$spool"/.[!.]*; do
		name=${path##*/}
		[ -e "$path" ] || [ -L "$path" ] || continue
		if ! safe_name "$name"; then
			echo "a file whose name has other characters than letters, digits, '.', '_', '-'"
		elif [ ! -f "$path" ] || [ -L "$path" ]; then
			echo "$name: not a plain file"
		elif ! reader_of "$name" >/dev/null; then
			echo "$name: no feed has this name"
		elif ! settled "$path"; then
			echo "$name: not settled"
		elif [ -e "$dir/inputs/$name" ]; then
			echo "$name: this run has a file of this name already"
		elif [ -n "$shadow" ]; then
			cp -p "$path" "$dir/inputs/$name" || exit 3
		else
			mv "$path" "$dir/inputs/$name" || exit 3
		fi
	done >"$dir/left" || exit 3
	freeze
}

freeze() {
	for path in "$dir/inputs"/*; do
		[ -f "$path" ] || continue
		name=${path##*/}
		sha=$(sha256sum <"$path") || exit 3
		printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$(reader_of "$name")" \
		    "$(stat -c %s "$path")" "${sha%% *}" \
		    "$(date -u -r "$path" +%Y-%m-%dT%H:%M:%SZ)" || exit 3
	done >"$dir/inputs.tsv.part" || exit 3
	keep "$dir/inputs.tsv"
}

# Each input becomes a file of canonical records.
read_inputs() {
	while IFS=$tab read -r name reader _ _ arrival; do
		out=$dir/records/$name.ndjson
		[ -f "$out" ] && continue
		case $reader in
		edi) read_edi ;;
		*) read_table ;;
		esac
		keep "$out"
	done <"$dir/inputs.tsv"
}

# src.file of a record says where its file will lie for good.
read_edi() {
	log=$dir/log/$name
	{
		lgx-parse-edi --source "archive/$run/$name" --received "$arrival" \
		    "$dir/inputs/$name" 2>"$log"
		echo $? >"$dir/parse.status"
	} | lgx-canon --received "$arrival" -o "$out.part" - 2>>"$log"
	canon=$?
	check "$(cat "$dir/parse.status")" "lgx-parse-edi $name" "$log"
	check $canon "lgx-canon $name" "$log"
}

read_table() {
	log=$dir/log/$name
	lgx-canon -m "$reader" --source "archive/$run/$name" --received "$arrival" \
	    -o "$out.part" "$dir/inputs/$name" 2>"$log"
	check $? "lgx-canon $name" "$log"
}

# Receipts of the run before tell what was really booked.
reconcile() {
	[ -f "$dir/decisions.ndjson" ] && return 0
	set --
	[ -z "$rules" ] || set -- -r "$rules"
	set -- "$@" -s "$state" --run "$run" --as-of "$day" -o "$dir/decisions.ndjson.part"
	[ -z "$before" ] || set -- "$@" "$home/runs/$before/receipts.ndjson"
	for path in "$dir/records"/*.ndjson; do
		[ -f "$path" ] && set -- "$@" "$path"
	done
	lgx-reconcile "$@" /dev/null 2>"$dir/log/reconcile"
	check $? lgx-reconcile "$dir/log/reconcile"
	keep "$dir/decisions.ndjson"
}

post() {
	[ -f "$dir/receipts.ndjson" ] && return 0
	lgx-post -l "$ledger" --run "$run" --as-of "$day" ${shadow:+-n} \
	    -o "$dir/receipts.ndjson.part" "$dir/decisions.ndjson" 2>"$dir/log/post"
	check $? lgx-post "$dir/log/post"
	keep "$dir/receipts.ndjson"
}

archive() {
	[ -d "$dir/inputs" ] || return 0
	{ mv "$dir/inputs" "$home/archive/$run" && sync "$home/archive" "$dir"; } || exit 3
}

# From here on the next run may start.
finish() {
	status=0
	grep -q '"kind":"deadletter"' "$dir/decisions.ndjson" "$dir/receipts.ndjson" && status=1
	if [ -z "$shadow" ]; then
		put "$home/last" "$run"
	fi
	put "$dir/status" $status
}

#
# The report.  Canonical records have their members in a fixed order and their
# text escaped, so a member is found by its name in quotes.
#

report() {
	{
		printf 'Run %s as of %s%s\n' "$run" "$day" "${shadow:+, a shadow: nothing is booked}"
		report_inputs
		report_records
		inputs=$home/archive/$run
		[ -z "$shadow" ] || inputs=$dir/inputs
		printf '\nFiles\n'
		printf '  %-12s %s\n' ledger "$ledger" decisions "$dir/decisions.ndjson" \
		    receipts "$dir/receipts.ndjson" inputs "$inputs" logs "$dir/log"
	} >"$dir/report.txt.part" || exit 3
	keep "$dir/report.txt"
}

report_inputs() {
	awk -F'\t' '{ n++; bytes += $3 } END { printf "\n%d files, %.0f bytes\n", n, bytes }' \
	    "$dir/inputs.tsv"
	sed 's/^/  left in the spool: /' "$dir/left"
}

report_records() {
	cat "$dir/receipts.ndjson" "$dir/decisions.ndjson" |
	    awk -v posts="${shadow:+Would be posted}" "$tables"
}

# shellcheck disable=SC2016 # awk has its own dollars
tables='
function member(name,	at, rest) {
	if (!(at = index($0, "\"" name "\":\"")))
		return ""
	rest = substr($0, at + length(name) + 4)
	return substr(rest, 1, index(rest, "\"") - 1)
}
function within(text, name,	at, rest) {
	if (!(at = index(text, "\"" name "\":\"")))
		return 0
	rest = substr(text, at + length(name) + 4)
	rest = substr(rest, 1, index(rest, "\"") - 1)
	digits[currency] = index(rest, ".") ? length(rest) - index(rest, ".") : 0
	sub(/\./, "", rest)
	return rest + 0		# minor units: a whole number, exact below 2^53
}
function money(units, cur,	d, whole, text) {
	d = digits[cur]
	whole = sprintf("%.0f", units < 0 ? -units : units)	# %d ends at 2^31 in some
	while (length(whole) <= d)
		whole = "0" whole
	text = d > 0 ? "." substr(whole, length(whole) - d + 1) : ""
	whole = substr(whole, 1, length(whole) - d)
	for (; length(whole) > 3; whole = substr(whole, 1, length(whole) - 3))
		text = "," substr(whole, length(whole) - 2) text
	return (units < 0 ? "-" : "") whole text
}
function show(title, head, count, amount, second,	k, part, cmd, any) {
	for (k in count)
		any = 1
	if (!any)
		return
	printf "\n%-26s %7s%s\n", title, "count", head
	fflush()
	cmd = "LC_ALL=C sort"
	for (k in count) {
		split(k, part, SUBSEP)
		if (part[2] == "")
			printf "  %-24s %7d\n", part[1], count[k] | cmd
		else if (second[k] == "")
			printf "  %-24s %7d  %-4s%18s\n", part[1], count[k], part[2], money(amount[k], part[2]) | cmd
		else
			printf "  %-24s %7d  %-4s%18s %18s\n", part[1], count[k], part[2], money(amount[k], part[2]), money(second[k], part[2]) | cmd
	}
	close(cmd)
}
# Receipts come first.  An entry that is there already was booked by this run
# before it was cut short.
/^\{"lgx":1,"kind":"receipt"/ {
	state = member("state")
	if (state != "booked" && state != "repeated" && state != "planned") {
		refused[member("target") " " state]++
		unbooked[member("key")]
	}
}
/^\{"lgx":1,"kind":"decision"/ {
	outcome = member("outcome")
	route = member("route")
	currency = "-"
	sums = ""
	if (match($0, /"currency":"[A-Z][A-Z][A-Z]"(,"expected":"[^"]*")?(,"prior":"[^"]*")?(,"billed":"[^"]*")?(,"approved":"[^"]*")?(,"disputed":"[^"]*")?/)) {
		sums = substr($0, RSTART, RLENGTH)
		currency = substr(sums, 13, 3)
	}
	effects()
	if (index(member("subject"), "shipment/") == 1) {
		loads[outcome]++
		next
	}
	bills[outcome, currency]++
	billed[outcome, currency] += within(sums, "billed")
	approved[outcome, currency] += within(sums, "approved")
	if (route != "post" && route != "log") {
		waits[route, currency]++
		waiting[route, currency] += within(sums, "billed") - within(sums, "approved")
	}
}
/^\{"lgx":1,"kind":"deadletter"/ {
	dead[member("stage") " " member("reason")]++
}
function effects(	rest, piece, key, what, n, part, i) {
	rest = substr($0, index($0, "\"effects\":["))
	while (match(rest, /\{"template":"[^}]*"amounts":\{[^}]*\}/)) {
		piece = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		match(piece, /"key":"[^"]*"/)
		key = substr(piece, RSTART + 7, RLENGTH - 8)
		if (key in unbooked)
			continue
		match(piece, /"template":"[^"]*"/)
		what = substr(piece, RSTART + 12, RLENGTH - 13)
		what = what " " about[what]
		posted[what, currency]++
		n = split(substr(piece, index(piece, "\"amounts\":{") + 11), part, ",")
		for (i = 1; i <= n; i++)	# what is debited
			if (part[i] !~ /":"-/)
				debit[what, currency] += within("\"x" substr(part[i], index(part[i], "\":\"")), "x")
	}
}
BEGIN {
	about["T1"] = "projected"
	about["T1d"] = "projection changed"
	about["T1x"] = "projection ended"
	about["T2"] = "incurred"
	about["T2d"] = "incurred, changed"
	about["T3"] = "bills"
	about["T3u"] = "bills, below"
	about["T4"] = "bills, paid short"
	about["T4g"] = "bills, paid short"
	about["T5"] = "credits"
	about["T7"] = "reversed"
}
END {
	show("Bills by outcome", sprintf("%24s %18s", "billed", "approved"), bills, billed, approved)
	show("Loads by outcome", "", loads)
	show("Waiting for", sprintf("%24s", "not approved"), waits, waiting)
	show(posts != "" ? posts : "Posted", sprintf("%24s", "debits"), posted, debit)
	show("Not posted", "", refused)
	show("Dead letters", "", dead)
	if (!length_of(bills))
		print "\nNo bill was audited."
}
function length_of(a,	k, n) {
	for (k in a)
		n++
	return n + 0
}
'

night() { # RUN
	run=$1
	begin
	recall
	if [ ! -f "$dir/status" ]; then
		collect
		[ -z "$shadow" ] || shadow_state
		read_inputs
		reconcile
		post
		report
		[ -n "$shadow" ] || archive
		finish
	fi
	cat "$dir/report.txt"
	return "$(cat "$dir/status")"
}

# A shadow judges with a copy of the state, and throws it away.
shadow_state() {
	[ ! -d "$state" ] || cp -R "$state" "$dir/state" || exit 3
	state=$dir/state
}

# The run that was begun and is not over; there is one at most.
unfinished() {
	for path in "$home/runs"/*/begun; do
		path=${path%/begun}
		[ -f "$path/begun" ] && [ ! -f "$path/status" ] && echo "${path##*/}"
	done
	return 0
}

options "$@"
configure
exec 9>>"$home/lock"
flock -n 9 || die 3 "another run holds $home/lock"

# A run that was cut short comes first: the next one builds on its state.
named=$run today=$as_of
tonight=${run:-${as_of:-$(date -u +%Y-%m-%d)}}
open=$(unfinished)
if [ -n "$open" ] && [ "$open" != "$tonight" ] && [ -z "$shadow" ]; then
	[ -z "$named" ] ||
		die 3 "run $open is not over; finish it with $me --run $open before run $named"
	as_of=
	night "$open"
	as_of=$today
fi
night "$tonight"
