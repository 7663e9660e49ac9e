# the bytes of every record are where src says
lgx-parse-edi "$D/delimiters-per-interchange.in" "$D/bom.in" "$D/indented.in" 2>/dev/null |
jq -r '[.src.offset, .src.length, .src.file] | @tsv' |
while read -r offset length file; do
	tail -c +$((offset + 1)) "$file" | head -c "$length" | tr '\r\n' '  ' | sed 's/^\(.\{16\}\).*\(.\{10\}\)$/\1 ... \2/'
	echo
done
