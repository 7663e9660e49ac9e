#!/bin/sh
# tests/readme.sh - the tour of README.md prints what README.md shows
#
# Lines of the console block that begin with "$ " are commands ("> " goes on
# with one), run in order by one shell in a copy of testdata and mappings; the
# lines up to the next command are what each prints.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
need jq hledger
cp -R "$S/testdata" "$S/mappings" "$work" && chmod -R u+w "$work" && cd "$work" || exit 99

awk '/^```console/ { on = 1; next } /^```/ { on = 0 } on' "$S/README.md" >tour
# Each command is followed by a mark, in the script and in what is expected.
awk '/^\$ / { if (n++) print "echo @" n - 1; sub(/^\$ /, ""); print; next }
    /^> / { sub(/^> /, ""); print }
    END { print "echo @" n }' tour >script
awk '/^\$ / { if (n++) print "@" n - 1; next } /^> / { next } { print } END { print "@" n }' tour >want
sh ./script >got 2>&1

sed -n 's/^\$ //p' tour >commands
while read -r command <&3; do
	for side in want got; do
		awk -v n=$n '/^@[0-9]+$/ { at++; next } at == n' $side >$side.part
	done
	diff -u want.part got.part >changes
	result $? "README: $command" changes
done 3<commands
plan
