#!/bin/sh
# tests/readme.sh - README.md and the manual pages print what they show
#
# Lines that begin with "$ " are commands ("> " goes on with one), run in order
# by one shell in a copy of testdata and mappings; the lines up to the next
# command are what each prints; empty lines do not count.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
need jq hledger sqlite3
cp -R "$S/testdata" "$S/mappings" "$work" && chmod -R u+w "$work" && cd "$work" || exit 99

# play NAME: run the lines of the file tour.  Of a page an example that shows no
# output is run, and not compared.
play() {
	# Each command is followed by a mark, in the script and in what is expected.
	awk '/^\$ / { if (n++) print "echo; echo @" n - 1; sub(/^\$ /, ""); print; next }
	    /^> / { sub(/^> /, ""); print }
	    END { print "echo; echo @" n }' tour >script
	awk '/^\$ / { if (n++) print "@" n - 1; next } /^> / { next } { print } END { print "@" n }' tour >want
	sh ./script >got 2>&1
	sed -n 's/^\$ //p' tour >commands
	at=0
	while read -r command <&3; do
		for side in want got; do
			awk -v n=$at '/^@[0-9]+$/ { at++; next } at == n && NF' $side >$side.part
		done
		at=$((at + 1))
		[ -s want.part ] || [ "$1" = README ] || continue
		diff -u want.part got.part >changes
		result $? "$1: $command" changes
	done 3<commands
}

# examples PAGE: its displays that begin with a command
examples() {
	sed '1,/^\.Sh EXAMPLES/d; /^\.Sh/,$d; s/\\e/\\/g' "$S/man/$1" |
	    awk '/^\.Bd/ { on = 0; first = 1; next } /^\.Ed/ { on = 0 }
	        first { on = /^\$ /; first = 0 } on' >tour
}

awk '/^```console/ { on = 1; next } /^```/ { on = 0 } on' "$S/README.md" >tour
play README

# The tour has left decisions.ndjson here; the pages call other files by short names.
LGX_CONFIG=$work/testdata/nightly/config:$work/mappings; export LGX_CONFIG
cp -R testdata/nightly/night1/spool spool
cp spool/* .
cp testdata/lgx-parse-edi/count-se.in acme.edi
cat carriers.ndjson shipments.ndjson >records.ndjson
rm -rf state
sed -n '/^mapping: /,/^\.Ed/p' "$S/man/lgx-mapping.5" | sed '/^\.Ed/,$d' >north.yaml
sed -n '/^\$ cat north.csv/,/^\$ lgx/p' "$S/man/lgx-mapping.5" | sed '/^\$/d' >north.csv
for page in lgx-parse-edi.1 lgx-canon.1 lgx-reconcile.1 lgx-post.1 lgx-ledger.1 lgx-mapping.5; do
	[ $page = lgx-ledger.1 ] || rm -f ledger.db*	# it shows what lgx-post.1 booked
	examples $page
	play $page
done
plan
