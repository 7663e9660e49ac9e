#!/bin/sh
# tests/nightly-spool.sh - what lgx-nightly takes, leaves and refuses
#
# The filters are stand-ins here, so that only the script is on trial.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"

# Stand-ins: each writes its -o file; the status of one can be chosen.
mkdir "$work/bin"
cat >"$work/bin/stand-in" <<'END'
#!/bin/sh
name=${0##*/} out=
echo "$name $*" >>"$CALLS"
while [ $# -gt 0 ]; do
	case $1 in -o) out=$2; shift ;; esac
	shift
done
[ -z "$out" ] || : >"$out"
[ "$name" != lgx-reconcile ] || cat "$SAYS" >"$out"
[ "$name" != "${BROKEN%:*}" ] || exit "${BROKEN#*:}"
END
chmod +x "$work/bin/stand-in"
for tool in lgx-parse-edi lgx-canon lgx-reconcile lgx-post lgx-ledger; do
	ln -s stand-in "$work/bin/$tool"
done
PATH=$work/bin:$PATH; export PATH
CALLS=$work/calls BROKEN='' SAYS=/dev/null; export CALLS BROKEN SAYS

home=$work/home
setup() {
	rm -rf "$home"
	mkdir -p "$home/spool"
	cat >"$home/nightly.conf" <<-'END'
	# a comment
	spool = spool
	home=.
	  settle =  60
	feed = *.edi edi
	feed = *.gz edi
	feed = shipments*.csv tms-shipments-csv
	END
	: >"$CALLS"
}

# arrive NAME [WHEN]: a file in the spool
arrive() {
	echo "$1" >"$home/spool/$1"
	touch -d "${2:-2024-03-04T22:00:00Z}" "$home/spool/$1"
}

run() { # [option...]
	lgx-nightly -c "$home/nightly.conf" --as-of 2024-03-05 "$@" >"$work/out" 2>"$work/err"
}

setup
arrive a.edi
arrive shipments-1.csv 2024-03-04T20:30:05Z
arrive notes.txt
arrive fresh.edi now
arrive cut.gz
arrive '-o.edi'
# shellcheck disable=SC2016 # a name, not a command
arrive 'x$(touch hacked).edi'
arrive 'two words.edi'
arrive '.hidden.edi'
ln -s /etc/passwd "$home/spool/link.edi"
mkdir "$home/spool/folder.edi"
run
result $? "a run" "$work/err"
(cd "$home/archive/2024-03-05" && ls) >"$work/took"
printf '%s\n' a.edi shipments-1.csv | diff -u - "$work/took" >"$work/diff"
result $? "only settled, whole, plain files of a feed are taken" "$work/diff"
[ "$(find "$home/spool" -mindepth 1 | wc -l)" = 9 ] && [ ! -e "$home/hacked" ]
result $? "the others stay where they are, and their names run nothing" "$work/took"
grep -q 'notes.txt: no feed has this name' "$work/out" && grep -q 'fresh.edi: not settled' "$work/out"
result $? "the report names them" "$work/out"
sha=$(echo a.edi | sha256sum)
printf 'a.edi\tedi\t6\t%s\t2024-03-04T22:00:00Z\n' "${sha%% *}" >"$work/want"
head -n 1 "$home/runs/2024-03-05/inputs.tsv" | diff -u "$work/want" - >"$work/diff"
result $? "the list says name, reader, size, digest, arrival" "$work/diff"
grep -q '^lgx-canon -m tms-shipments-csv --source archive/2024-03-05/shipments-1.csv --received 2024-03-04T20:30:05Z ' "$CALLS"
result $? "a table is read by its mapping, with its arrival" "$CALLS"

calls=$(wc -l <"$CALLS")
run && [ "$(wc -l <"$CALLS")" = "$calls" ]
result $? "a run that is over calls nothing" "$CALLS"

# A filter fails: the run stops, and goes on from there.
for broken in lgx-parse-edi:3 lgx-canon:2 lgx-reconcile:3 lgx-post:3; do
	setup
	arrive a.edi
	BROKEN=$broken
	run
	rc=$?
	BROKEN=
	[ $rc = "${broken#*:}" ] && [ ! -f "$home/runs/2024-03-05/status" ]
	result $? "${broken%:*} fails: status ${broken#*:}, the run is not over" "$work/err"
	run --run other
	[ $? = 3 ]
	result $? "another run is refused meanwhile" "$work/err"
	run && [ -f "$home/runs/2024-03-05/status" ] && [ -f "$home/archive/2024-03-05/a.edi" ]
	result $? "started again it ends" "$work/err"
done

setup
arrive a.edi
BROKEN=lgx-post:3
run
BROKEN=
arrive late.edi
run && [ "$(wc -l <"$home/runs/2024-03-05/inputs.tsv")" = 1 ] && [ -f "$home/spool/late.edi" ]
result $? "a file that comes after the list was frozen waits for the next run" "$work/err"

lgx-nightly -c "$home/nightly.conf" --as-of 2024-03-06 >"$work/out" 2>"$work/err"
[ "$(cat "$home/runs/2024-03-06/begun")" = "2024-03-06
2024-03-05" ] && grep -q 'lgx-reconcile .* runs/2024-03-05/receipts.ndjson\|lgx-reconcile .*/2024-03-05/receipts.ndjson' "$CALLS"
result $? "receipts of the run before go into the next" "$CALLS"

setup
arrive a.edi
BROKEN=lgx-reconcile:3
run
BROKEN=
lgx-nightly -c "$home/nightly.conf" --as-of 2024-03-06 >"$work/out" 2>"$work/err"
[ -f "$home/runs/2024-03-05/status" ] && [ -f "$home/runs/2024-03-06/status" ]
result $? "without a name, the unfinished run is finished before tonight's" "$work/err"

run --run 2024-03-05 --as-of 2024-03-07
[ $? = 2 ]
result $? "a run keeps its as-of date" "$work/err"

( exec 9>>"$home/lock"; flock 9; run --run locked; [ $? = 3 ] )
result $? "two at a time: the second says so, status 3" "$work/err"

# Sums are exact, and no integer of 32 bits.
cat >"$work/says" <<'END'
{"lgx":1,"kind":"decision","id":"1","subject":"invoice/A/1/~/d","outcome":"matched","route":"post","currency":"USD","billed":"21474836.47","approved":"21474836.47"}
{"lgx":1,"kind":"decision","id":"2","subject":"invoice/A/2/~/d","outcome":"matched","route":"post","currency":"USD","billed":"99999999999.99","approved":"99999999999.99"}
{"lgx":1,"kind":"decision","id":"3","subject":"invoice/A/3/~/d","outcome":"no-pod","route":"wait","currency":"USD","billed":"0.05","approved":"0.00","findings":[{"code":"x","billed":"7.00"}]}
{"lgx":1,"kind":"decision","id":"4","subject":"invoice/A/4/~/d","outcome":"no-pod","route":"wait","currency":"JPY","billed":"1000","approved":"0"}
{"lgx":1,"kind":"decision","id":"5","subject":"invoice/A/5/~/d","outcome":"no-shipment","route":"transport-ops","currency":"USD","billed":"-12.50","approved":"0.00"}
END
setup
SAYS=$work/says
run
SAYS=/dev/null
sed -n '/^Bills/,/^Files/p' "$work/out" | tr -s ' ' >"$work/table"
cat >"$work/want" <<'END'
Bills by outcome count billed approved
 matched 2 USD 100,021,474,836.46 100,021,474,836.46
 no-pod 1 JPY 1,000 0
 no-pod 1 USD 0.05 0.00
 no-shipment 1 USD -12.50 0.00

Waiting for count not approved
 transport-ops 1 USD -12.50
 wait 1 JPY 1,000
 wait 1 USD 0.05

Files
END
diff -u "$work/want" "$work/table" >"$work/diff"
result $? "the table sums to the cent" "$work/diff"

# wrong LINE WORDS: this line in the configuration is refused
wrong() {
	setup
	echo "$1" >>"$home/nightly.conf"
	run
	[ $? = 2 ] && grep -q "nightly.conf:8: $2" "$work/err" && [ ! -e "$home/runs" ]
	result $? "refused: $1" "$work/err"
}
wrong 'colour = blue' 'unknown key colour'
wrong 'feed = *.edi' 'expected feed = PATTERN READER'
wrong 'spool' 'expected key = value'
setup
run --run ../../etc
[ $? = 2 ] && run --run .. ; [ $? = 2 ]
result $? "a run cannot be named out of its folder" "$work/err"
run --as-of yesterday
[ $? = 2 ]
result $? "an as-of date is a date" "$work/err"
lgx-nightly -c "$work/none" >"$work/out" 2>"$work/err"
[ $? = 2 ]
result $? "no configuration: status 2" "$work/err"
plan
