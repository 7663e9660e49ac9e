# tests/tap.inc.sh - what every shell test begins with; sourced
# Wants S, the source tree.  Gives B, the build tree, and work, a folder that
# goes when the test ends; the functions print TAP.
# shellcheck shell=sh
# shellcheck disable=SC2034 # B is for the tests

LC_ALL=C; export LC_ALL
LGX_CONFIG=${S:?}/mappings; export LGX_CONFIG
B=${LGX_BUILD:-$PWD}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
n=0

# result STATUS WHAT [FILE]: FILE tells why not
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		[ -z "${3:-}" ] || sed 's/^/# /' "$3" | head -60
	fi
}

# skip WHAT WHY: this check cannot be made here
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# skip_all WHY: none of this test's can
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# need TOOL...: skip all without them
need() {
	for tool; do
		command -v "$tool" >/dev/null || skip_all "no $tool"
	done
}

# plan: the end, without which a test has failed
plan() {
	echo "1..$n"
}
