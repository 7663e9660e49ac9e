#!/bin/sh
# tests/demo-night.sh BUILD DIR - both nights of testdata/nightly, for people to see
#
# BUILD holds the programs.  DIR is made; when it is newer than the programs and
# the data, the nights are not run again and their tables are shown as they were.
set -eu
S=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:?usage: demo-night.sh BUILD DIR}" && pwd)
dir=${2:?usage: demo-night.sh BUILD DIR}
PATH=$build:$PATH; export PATH
# shellcheck source=tests/night.inc.sh
. "$S/tests/night.inc.sh"
night_config

fresh() {
	[ -f "$dir/stamp" ] || return 1
	[ -z "$(find "$build"/lgx-* "$S/testdata/nightly" "$S/mappings" -newer "$dir/stamp" -print -quit)" ]
}

fresh || rm -rf "$dir"
lay_home "$dir"
rc=0
for night in 1 2; do
	day=2024-03-0$((4 + night))
	[ -f "$dir/stamp" ] || lay_night $night "$dir"
	run_night $day "$dir" || rc=$?
	[ $rc -le 1 ] || exit $rc	# 1: there are dead letters, as there should be
	echo
done
touch "$dir/stamp"
printf 'Everything lies in %s; the ledger as a balance sheet:\n  %s\n' "$dir" \
    "$build/lgx-ledger -l $dir/ledger.db balance"
