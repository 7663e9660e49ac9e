# A bad mapping is refused at start with file, line, column and the nearest word.
cd "$D" || exit
for file in bad/*.yaml; do
	lgx-canon -m "$file" </dev/null
	echo "$file: $?"
done
lgx-canon -m no-such-mapping </dev/null 2>/dev/null
echo "no such mapping: $?"
lgx-canon --from csv </dev/null
echo "no mapping for csv: $?"
lgx-canon --from tsv </dev/null
echo "unknown form: $?"
lgx-canon -m 210 -m tms-shipments-csv </dev/null
echo "two forms: $?"
