#!/bin/sh
# tests/readme.sh - the tour of README.md prints what README.md shows
#
# Lines of the console block that begin with "$ " are commands ("> " goes on
# with one), run in order by one shell in a copy of testdata and mappings; the
# lines up to the next command are what each prints.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
for need in jq hledger; do
	command -v $need >/dev/null && continue
	echo "1..0 # SKIP no $need"
	exit 0
done
cp -R "$S/testdata" "$S/mappings" "$work" && chmod -R u+w "$work" && cd "$work" || exit 99

awk '/^```console/ { on = 1; next } /^```/ { on = 0 } on' "$S/README.md" >tour
# Each command is followed by a mark, in the script and in what is expected.
awk '/^\$ / { if (n++) print "echo @" n - 1; sub(/^\$ /, ""); print; next }
    /^> / { sub(/^> /, ""); print }
    END { print "echo @" n }' tour >script
awk '/^\$ / { if (n++) print "@" n - 1; next } /^> / { next } { print } END { print "@" n }' tour >want
sh ./script >got 2>&1

n=0
total=$(grep -c '^\$ ' tour)
while [ $n -lt "$total" ]; do
	n=$((n + 1))
	for side in want got; do
		awk -v n=$n 'BEGIN { at = 1 } /^@[0-9]+$/ { at++; next } at == n' $side >$side.$n
	done
	if diff -u want.$n got.$n >changes; then
		echo "ok $n - README: $(grep '^\$ ' tour | sed -n "${n}s/^..//p")"
	else
		echo "not ok $n - README: $(grep '^\$ ' tour | sed -n "${n}s/^..//p")"
		sed 's/^/# /' changes
	fi
done
echo "1..$n"
