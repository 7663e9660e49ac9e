#!/bin/sh
# tests/floors.sh - includes point down only (lgx(7), THE HOUSE)
#
# A floor may include itself and the floors listed after it here.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"

floor() { # NAME ALLOWED...
	name=$1; shift
	allowed=$(printf '%s|' "$name" "$@"); allowed=${allowed%|}
	folder=$S/lib/$name
	[ "$name" = cmd ] && folder=$S/cmd
	grep -nE '^#include "[a-z]+/' "$folder"/*.[ch] /dev/null | grep -vE "\"($allowed)/" >"$work/bad"
	[ ! -s "$work/bad" ]
	result $? "$name includes only: $*" "$work/bad"
}

floor base
floor rec base
floor fmt rec base
floor map fmt rec base
floor recon rec base
floor ledger rec base
floor sink rec base
floor cli rec base
floor cmd cli sink ledger recon map fmt rec base

# A file in cmd/ is thin: options, one run function, the words between.
wc -l "$S"/cmd/*.c | awk '$2 != "total" && $1 > 400' >"$work/thick"
[ ! -s "$work/thick" ]
result $? "no file of cmd/ is longer than 400 lines" "$work/thick"
plan
