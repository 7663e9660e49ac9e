# a letter corrected by hand takes the place of the one in the queue
head -1 "$D/originals.in" >dead
lgx-post -l l.db dead
lgx-replay -l l.db --list | cut -c1-70
sed -i 's/SE.2.0001/SE*3*0001/' dead
lgx-replay -l l.db dead | tail -c 46; echo
lgx-replay -l l.db --list | cut -c1-70
echo '-- it came back, twice'
lgx-post -l l.db dead
lgx-post -l l.db dead
lgx-replay -l l.db --plan
