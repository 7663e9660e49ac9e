# tests/night.inc.sh - lay out the nights of testdata/nightly; sourced
# Wants S, the source tree.
# shellcheck shell=sh

night_data=${S:?}/testdata/nightly

# The shipped configuration, with the pages of these three partners before it.
night_config() {
	LGX_CONFIG=$night_data/config:$S/mappings; export LGX_CONFIG
	unset LGX_READ_SIZE
}

# lay_home DIR: an empty place for lgx-nightly
lay_home() {
	mkdir -p "$1/spool"
	cp "$night_data/nightly.conf" "$1/"
}

# lay_night NIGHT DIR: what reached the spool that night, when it did
lay_night() {
	while read -r night name when; do
		[ "$night" = "$1" ] || continue
		cp "$night_data/night$1/spool/$name" "$2/spool/$name"
		touch -d "$when" "$2/spool/$name"
	done <"$night_data/arrivals"
}

# run_night DAY DIR [option...]
run_night() {
	day=$1; dir=$2; shift 2
	lgx-nightly -c "$dir/nightly.conf" --as-of "$day" "$@"
}
