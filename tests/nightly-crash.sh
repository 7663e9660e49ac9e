#!/bin/sh
# tests/nightly-crash.sh - a night killed anywhere and started again ends the same
#
# Every program that lgx-nightly calls is reached through a wrapper that counts,
# and at the chosen count kills the script with SIGKILL instead.  A filter that
# runs beside the killed script goes on by itself, as it would in life.  Then the
# run is started again with the same id, and the night after is run too.  State,
# ledger, archive and tables must be those of nights that nobody disturbed.
# Every seventh point is tried, LGX_LONG=1 tries them all.
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
# shellcheck source=tests/night.inc.sh
. "$S/tests/night.inc.sh"
night_config

need lgx-ledger lgx-post lgx-reconcile

CRASH=$work/crash CRASH_PATH=$PATH; export CRASH CRASH_PATH
mkdir -p "$CRASH/bin"
cat >"$CRASH/wrapper" <<'END'
#!/bin/sh
PATH=$CRASH_PATH; export PATH
echo "$$" >>"$CRASH/count"	# the number of this call is that of its line
[ "$(sed -n "${CRASH_AT}p" "$CRASH/count")" != "$$" ] || { kill -9 "$(cat "$CRASH/pid")"; exit 137; }
exec "${0##*/}" "$@"
END
chmod +x "$CRASH/wrapper"
for tool in awk cat cp date dirname flock grep gzip mkdir mv sha256sum stat sync \
    lgx-parse-edi lgx-canon lgx-reconcile lgx-post lgx-ledger; do
	ln -s ../wrapper "$CRASH/bin/$tool"
done

# killed_at POINT DIR: the script dies when it calls its POINT-th program
killed_at() {
	CRASH_AT=$1; export CRASH_AT
	: >"$CRASH/count"
	# shellcheck disable=SC2016 # for the inner shell
	PATH=$CRASH/bin:$PATH sh -c 'echo $$ >"$CRASH/pid"; exec lgx-nightly -c "$1/nightly.conf" --as-of 2024-03-05' \
	    sh "$2" >"$work/out" 2>&1
}

# The night after must be none the wiser.
go_on() { # DIR
	lay_night 2 "$1"
	run_night 2024-03-06 "$1" >>"$work/out" 2>&1
}

# What must be the same, in one file.  A manifest holds a digest of its input,
# and that has receipts, which say "repeated" of what the killed run had booked.
picture() { # DIR
	lgx-ledger -l "$1/ledger.db" export --format ndjson
	cat "$1"/runs/*/report.txt "$1"/runs/*/status "$1/last"
	sed 's/"input":"[^"]*"//' "$1"/state/generations/*
	(cd "$1" && find state/segments archive spool -type f -exec sha256sum {} + | sort -k 2)
}

lay_home "$work/base"
lay_night 1 "$work/base"

cp -Rp "$work/base" "$work/calm"
killed_at 100000 "$work/calm"
go_on "$work/calm"
picture "$work/calm" >"$work/want" 2>&1
points=$(wc -l <"$CRASH/count")
step=7
[ -z "${LGX_LONG:-}" ] || step=1

point=1
while [ $point -le "$points" ]; do
	rm -rf "${work:?}/home"
	cp -Rp "$work/base" "$work/home"
	killed_at $point "$work/home"
	rc=$?
	# What the dead script had called may still hold the lock.
	mkdir -p "$work/home/runs"
	flock "$work/home/lock" true
	run_night 2024-03-05 "$work/home" >"$work/out" 2>&1
	go_on "$work/home"
	picture "$work/home" 2>&1 | diff "$work/want" - >"$work/diff"
	same=$?
	{ echo "status $rc"; cat "$work/diff" "$work/out"; } >"$work/why"
	[ $same = 0 ] && [ $rc = 137 ]
	result $? "killed before call $point of $points" "$work/why"
	point=$((point + step))
done
plan
