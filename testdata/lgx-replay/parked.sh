# poison is parked after so many attempts
head -1 "$D/originals.in" >dead
for i in 1 2 3 4; do
	lgx-post --as-of 2026-03-0$i -l l.db dead
	lgx-replay -v -l l.db --max-attempts 2 -o out
done
lgx-replay -l l.db --list
lgx-replay -l l.db --max-attempts 9 -o out; wc -c <out
