#!/bin/sh
# tests/readme.sh - the tour of README.md prints what README.md shows
#
# Lines of the console block that begin with "$ " are commands, run in order in
# one scratch folder; the lines up to the next command are what each prints.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cp -R "$S/testdata" "$work" && chmod -R u+w "$work" && cd "$work" || exit 99

awk '/^```console/ { on = 1; next } /^```/ { on = 0 } on' "$S/README.md" >tour
awk '/^\$ / { n++; sub(/^\$ /, ""); print >(n ".cmd"); close(n ".cmd"); next }
    /^> / { sub(/^> /, ""); print >>(n ".cmd"); close(n ".cmd"); next }
    { print >>(n ".want") }' tour

n=0
while [ -f $((n + 1)).cmd ]; do
	n=$((n + 1))
	[ -f $n.want ] || : >$n.want
	sh ./$n.cmd >$n.got 2>&1
	if diff -u "$n.want" "$n.got" >changes; then
		echo "ok $n - $(head -1 $n.cmd)"
	else
		echo "not ok $n - $(head -1 $n.cmd)"
		sed 's/^/# /' changes
	fi
done
if [ $n -gt 0 ]; then echo "1..$n"; else echo '1..0 # SKIP no tour yet'; fi
