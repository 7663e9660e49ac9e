#!/bin/sh
# tests/canon-samples.sh - real 210 and 214 files to canonical records
#
# Each edi record ends as records or as a dead letter with a reason, and what
# came out is canonical: a second run changes no byte.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
samples=${LGX_SAMPLES:-$S/../shared/samples}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
n=0

if [ ! -d "$samples/x12-210" ]; then
	echo "1..0 # SKIP no real files in $samples"
	exit 0
fi

check() { # WHAT, after a command
	status=$?
	n=$((n + 1))
	[ $status = 0 ] && echo "ok $n - $1" || echo "not ok $n - $1"
}

# Does canon account for every record, with an exit status that fits?
accounted() { # FILE STATUS
	edi=$(grep -c '"kind":"edi"' "$work/edi")
	dead=$(grep -c '^{"lgx":1,"kind":"deadletter"' "$work/new-dead")
	consumed=$(sed -n 's/.* consumed \([0-9]*\) .*/\1/p' "$work/err")
	[ "$((consumed + dead))" = "$edi" ] && [ "$2" = "$((dead > 0))" ]
}

for file in "$samples"/x12-210/* "$samples"/x12-214/*; do
	name=${file#"$samples/"}
	lgx-parse-edi --usage T -q "$file" >"$work/edi" 2>/dev/null
	[ $? -le 1 ] && [ -s "$work/edi" ]
	check "$name is read"
	lgx-canon -v -d "$work/new-dead" "$work/edi" >"$work/out" 2>"$work/err"
	accounted "$work/edi" $?
	check "$name is accounted for"
	lgx-canon "$work/out" 2>/dev/null | cmp -s - "$work/out"
	check "$name stays as it is the second time"
done
echo "1..$n"
