# Offset and length of a row lead back to its bytes.
cp "$D/csv-quirks.in" rows.csv
lgx-canon -m tms-shipments-csv rows.csv |
sed 's/.*"offset":\([0-9]*\),"length":\([0-9]*\),"row":\([0-9]*\).*/\1 \2 \3/' |
while read -r offset length row; do
	echo "row $row:"
	tail -c +$((offset + 1)) rows.csv | head -c "$length"
	echo
done
