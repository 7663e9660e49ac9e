#!/bin/sh
# tests/cases.sh [COMMAND...] - run the cases of testdata/COMMAND, print TAP
#
# Without a word, of every command.
# A case NAME is a few small files, named for what it shows:
#   NAME.args  words of the command line, as the shell reads them; $D is the
#              folder of the cases, $S the source tree, $SAMPLES the real files
#   NAME.in    standard input (else empty)
#   NAME.sh    a shell script to run instead of COMMAND, for several steps
#   NAME.out   expected standard output (else none)
#   NAME.err   expected standard error (else none)
#   NAME.rc    expected exit status (else 0)
#   NAME.want/ files that must lie in the working folder afterwards, same bytes
# A case is known by its .args, .in or .sh.  It runs in an empty folder.  Each
# is run twice, the second time with 7-byte reads (LGX_READ_SIZE).
#
# LGX_BLESS=1 writes what came out as expected; read the diff before you commit.
set -u
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
D=
SAMPLES=${LGX_SAMPLES:-$S/../shared/samples}
LC_ALL=C; export LC_ALL S D SAMPLES
LGX_CONFIG=${LGX_CONFIG:-$S/mappings}; export LGX_CONFIG
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
count=0

# compare WHAT EXPECTED-FILE ACTUAL-FILE: a missing expected file is an empty one
compare() {
	if [ -f "$2" ]; then
		diff -u "$2" "$3" >"$work/diff" 2>&1
	else
		diff -u /dev/null "$3" >"$work/diff" 2>&1
	fi && return 0
	sed "s|^|# $1: |" "$work/diff" | head -40
	return 1
}

bless() {
	for part in out err; do
		if [ -s "$work/$part" ]; then cp "$work/$part" "$D/$1.$part"; else rm -f "$D/$1.$part"; fi
	done
	if [ "$2" = 0 ]; then rm -f "$D/$1.rc"; else echo "$2" >"$D/$1.rc"; fi
	for file in "$D/$1.want"/*; do
		[ -f "$file" ] && cp "$work/run/${file##*/}" "$file"
	done
}

run_case() { # NAME READ-SIZE
	rm -rf "$work/run"; mkdir "$work/run"
	input=/dev/null
	[ -f "$D/$1.in" ] && input=$D/$1.in
	(
		cd "$work/run" || exit 99
		[ "$2" = 0 ] || { LGX_READ_SIZE=$2; export LGX_READ_SIZE; }
		if [ -f "$D/$1.sh" ]; then
			sh "$D/$1.sh"
		else
			args=
			[ -f "$D/$1.args" ] && args=$(cat "$D/$1.args")
			eval "set -- $args"
			"$command" "$@"
		fi
	) <"$input" >"$work/out" 2>"$work/err"
	rc=$?
	if [ "${LGX_BLESS:-0}" = 1 ] && [ "$2" = 0 ]; then bless "$1" "$rc"; fi
	good=1
	compare stdout "$D/$1.out" "$work/out" || good=0
	compare stderr "$D/$1.err" "$work/err" || good=0
	want=0
	[ -f "$D/$1.rc" ] && want=$(cat "$D/$1.rc")
	[ "$rc" = "$want" ] || { echo "# exit status $rc, expected $want"; good=0; }
	for file in "$D/$1.want"/*; do
		[ -f "$file" ] || continue
		[ -f "$work/run/${file##*/}" ] || { echo "# no ${file##*/}"; good=0; continue; }
		compare "${file##*/}" "$file" "$work/run/${file##*/}" || good=0
	done
	count=$((count + 1))
	if [ $good = 1 ]; then
		echo "ok $count - $command $1$([ "$2" = 0 ] || echo ", $2-byte reads")"
	else
		echo "not ok $count - $command $1$([ "$2" = 0 ] || echo ", $2-byte reads")"
	fi
}

# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(cd "$S/testdata" && find lgx-* -prune -type d | sort)
for command; do
	D=$S/testdata/$command
	for name in $(find "$D" -maxdepth 1 -type f |
	    sed -n 's,.*/\([^/]*\)\.\(args\|in\|sh\)$,\1,p' | sort -u); do
		run_case "$name" 0
		run_case "$name" 7
	done
done
echo "1..$count"
