#!/bin/sh
# tests/x12.sh - lgx-parse-edi on real files, on cut files, on sets too large
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
samples=${LGX_SAMPLES:-$S/../shared/samples}

# An independent count: ST, a separator, three letters or digits, a separator,
# at the start of a line or behind a byte that ends segments.
count_sets() {
	tr '\r' '\n' <"$1" |
	    grep -oE '(^|[^A-Za-z0-9*|^])[[:blank:]]*ST[*|~^][A-Z0-9]{3}[*|~^]' | grep -c .
}

for folder in x12-210 x12-214 x12-204 x12-990 x12-ack x12-other x12-quirky; do
	if [ ! -d "$samples/$folder" ]; then
		skip "$folder" 'no samples beside the source'
		continue
	fi
	for file in "$samples/$folder"/*.edi; do
		lgx-parse-edi -v --usage T -d "$work/dead" -o "$work/out" "$file" 2>"$work/err"
		status=$?
		in=$(count_sets "$file")
		out=$(grep -c '"kind":"edi".*"st":' "$work/out")
		dead=$(grep -c '"src":.*"st":' "$work/dead")
		[ $status -le 1 ] && [ "$in" = $((out + dead)) ]
		result $? "$folder/${file##*/}: $in sets, $out records, $dead dead letters"
	done
done

# Every length of a compressed file: never 0 unless it is whole or empty.
gzip -nc "$S/testdata/lgx-parse-edi/214.in" >"$work/whole.gz"
size=$(($(wc -c <"$work/whole.gz")))
i=1 bad=
while [ $i -lt $size ]; do
	head -c $i "$work/whole.gz" >"$work/cut.gz"
	lgx-parse-edi -q "$work/cut.gz" >/dev/null 2>&1
	status=$?
	case $status in 1|3) ;; *) bad="$bad $i:$status" ;; esac
	i=$((i + 7))
done
[ -z "$bad" ]
result $? "a compressed file cut anywhere is not silent$bad"

# A set above the limit is refused by name, in bounded memory, and the next one is read.
big() { # SEGMENTS
	sed -n '1,4p' "$S/testdata/lgx-parse-edi/214.in"
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		print "K1*THIRTY BYTES OF REMARKS HERE 30*AND THIRTY MORE OF THE SAME KIND~" }'
	printf 'SE*%s*0001~\n' $(($1 + 3))
	sed -n '3,$p' "$S/testdata/lgx-parse-edi/214.in" | sed 's/0001~/0002~/; s/GE\*1/GE*2/'
}
# (The sanitizers reserve more than they use.)
# shellcheck disable=SC3045 # every shell here has ulimit -v
[ -n "${LGX_SANITIZE:-}" ] || limit='ulimit -v 65536'
big 1000000 | (${limit:-:}; lgx-parse-edi -d "$work/dead" -o "$work/out" 2>/dev/null)
[ $? = 1 ] && grep -q '"st":"0002"' "$work/out" && grep -q '"reason":"x12.max-set"' "$work/dead" &&
    [ $(($(wc -c <"$work/dead"))) -lt 200000 ]
result $? "a set of 70 MB is refused in 64 MB of memory, the set behind it is read"

# Of a set within the limit nothing is lost.
big 100000 | lgx-parse-edi -q -o "$work/out" 2>/dev/null
[ "$(grep -o '\["K1",' "$work/out" | wc -l | tr -d ' ')" = 100000 ]
result $? "a set of 7 MB is read whole"
plan
