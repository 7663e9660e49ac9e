# in = consumed + passed + dead, and the exit status says that there were dead letters
cp "$D"/214-dead.in "$D"/passed-on.in .
lgx-canon -v -d dead.ndjson -o out.ndjson 214-dead.in passed-on.in
echo "status $?, $(grep -c . dead.ndjson) dead, $(grep -c . out.ndjson) out"
