#!/bin/sh
# tests/canon-samples.sh - real 210 and 214 files to canonical records
#
# Each edi record ends as records or as a dead letter with a reason, and what
# came out is canonical: a second run changes no byte.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
samples=${LGX_SAMPLES:-$S/../shared/samples}

[ -d "$samples/x12-210" ] || skip_all "no real files in $samples"

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
	result $? "$name is read"
	lgx-canon -v -d "$work/new-dead" "$work/edi" >"$work/out" 2>"$work/err"
	accounted "$work/edi" $?
	result $? "$name is accounted for"
	lgx-canon "$work/out" 2>/dev/null | cmp -s - "$work/out"
	result $? "$name stays as it is the second time"
done
plan
