#!/bin/sh
# tests/floors.sh - includes point down only (lgx(7), THE HOUSE)
#
# A floor may include itself and the floors listed after it here.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
n=0

floor() { # NAME ALLOWED...
	name=$1; shift
	allowed=$(printf '%s|' "$name" "$@"); allowed=${allowed%|}
	folder=$S/lib/$name
	[ "$name" = cmd ] && folder=$S/cmd
	n=$((n + 1))
	bad=$(grep -nE '^#include "[a-z]+/' "$folder"/*.[ch] /dev/null | grep -vE "\"($allowed)/")
	if [ -z "$bad" ]; then
		echo "ok $n - $name includes only: $*"
	else
		echo "not ok $n - $name includes only: $*"
		echo "$bad" | sed 's/^/# /'
	fi
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
n=$((n + 1))
thick=$(wc -l "$S"/cmd/*.c | awk '$2 != "total" && $1 > 400')
if [ -z "$thick" ]; then
	echo "ok $n - no file of cmd/ is longer than 400 lines"
else
	echo "not ok $n - no file of cmd/ is longer than 400 lines"
	echo "$thick" | sed 's/^/# /'
fi
echo "1..$n"
