# Neither the locale nor the time zone of the process is looked at.
for file in "$D"/21*.in; do
	LC_ALL=C TZ=UTC lgx-canon -q "$file" >plain
	LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 TZ=Asia/Kolkata lgx-canon -q "$file" | cmp plain - || echo "$file"
done
echo checked
