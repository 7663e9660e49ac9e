#!/bin/sh
# tests/lint.sh - shell scripts and manual pages are clean, and say what is true
S=${LGX_SRC:-$(cd "$(dirname "$0")/.." && pwd)}
# shellcheck source=tests/tap.inc.sh
. "$S/tests/tap.inc.sh"
cd "$S" || exit 99

for script in bootstrap .ci/run bench/*.sh tests/*.sh cmd/lgx-nightly*; do
	[ -f "$script" ] || continue
	if command -v shellcheck >/dev/null; then
		shellcheck -x "$script" >"$work/words" 2>&1
		result $? "shellcheck $script" "$work/words"
	else
		skip "shellcheck $script" "no shellcheck"
	fi
done

for page in man/*.[1-8]; do
	if command -v mandoc >/dev/null; then
		mandoc -T lint -W warning "$page" >"$work/words" 2>&1
		result $? "mandoc $page" "$work/words"
	else
		skip "mandoc $page" "no mandoc"
	fi
	case $page in
	*.1)
		grep -q '^\.Sh EXIT STATUS' "$page" && grep -q '^\.Sh EXAMPLES' "$page"
		result $? "$page has EXIT STATUS and EXAMPLES"
		;;
	esac
done

# Every program has a page.
for command in cmd/lgx-*; do
	[ -f "$command" ] || continue
	name=$(basename "$command"); name=${name%.*}
	[ -f "man/$name.1" ]
	result $? "$name has a page"
done

# lgx(7) leads to every page.
for page in man/lgx-*.[1-8]; do
	name=$(basename "$page")
	grep -q "^\.Xr ${name%.*} ${name##*.}" man/lgx.7
	result $? "lgx(7) leads to $name"
done

# Every long option of --help is in the page of the command, or in lgx(7) if
# the page says that the rest is there.
tells() { # PAGE OPTION
	grep -qE "^\..*(Fl|[,|]) -$2( |$)" "man/$1"
}

for name in lgx-canon lgx-ledger lgx-nightly lgx-parse-edi lgx-post lgx-reconcile lgx-replay; do
	if ! command -v "$name" >/dev/null; then
		skip "man/$name.1 has the options of $name" "$name is not built"
		continue
	fi
	: >"$work/words"
	for option in $("$name" --help | sed -nE 's/^ *(-[a-zA-Z], )?--([a-z-]+).*/\2/p'); do
		tells "$name.1" "$option" && continue
		grep -q '^\.Xr lgx 7 \.$' "man/$name.1" && tells lgx.7 "$option" && continue
		echo "not there: --$option" >>"$work/words"
	done
	[ ! -s "$work/words" ]
	result $? "man/$name.1 has the options of $name" "$work/words"
done

# lgx-diagnostics(7) is written from the table of diagnostics.
awk -f man/diagnostics.awk lib/base/diag.def | diff man/lgx-diagnostics.7 - >"$work/words" 2>&1
result $? "man/lgx-diagnostics.7 is what man/diagnostics.awk makes of lib/base/diag.def" "$work/words"

# The lists of members in lgx-records(5) are made from the schema.
awk -f man/records.awk lib/rec/schema.c man/lgx-records.5 | diff man/lgx-records.5 - >"$work/words" 2>&1
result $? "the members in man/lgx-records.5 are what man/records.awk makes of lib/rec/schema.c" "$work/words"
plan
