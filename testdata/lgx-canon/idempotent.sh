# What lgx-canon has written it does not change; records it did not write become
# canonical and then stay as they are.
cat "$D"/21*.in "$D"/usage.in "$D"/canonical.in "$D"/passed-on.in >all.ndjson
lgx-canon -q all.ndjson >once.ndjson
lgx-canon -q once.ndjson >twice.ndjson
cmp once.ndjson twice.ndjson && echo the same bytes
for file in "$D"/csv-*.in; do lgx-canon -q -m tms-shipments-csv "$file" 2>/dev/null; done >rows.ndjson
lgx-canon -q rows.ndjson | cmp rows.ndjson - && echo the same bytes
