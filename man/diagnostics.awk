# awk -f man/diagnostics.awk lib/base/diag.def >man/lgx-diagnostics.7
# Writes the manual page from the table of diagnostics.
BEGIN {
	print ".Dd November 23, 2026"
	print ".Dt LGX-DIAGNOSTICS 7"
	print ".Os lgx"
	print ".Sh NAME"
	print ".Nm lgx-diagnostics"
	print ".Nd the codes of everything lgx complains about"
	print ".Sh DESCRIPTION"
	print "A diagnostic is one line on standard error:"
	print ".Pp"
	print ".Dl lgx-canon: acme.edi: segment 13, byte 1423: x12.count: SE01 says 12, counted 13"
	print ".Pp"
	print "After the program come the file, the place in it as far as it is known"
	print "(line, segment or row, column, byte offset in the uncompressed file), the code, and words."
	print "The words may change; the codes are stable, and stand in dead letters as"
	print ".Va reason ."
	print "With"
	print ".Fl -log Ar json"
	print "each diagnostic is a JSON object of the members program, code, file, place and message."
}
/^\/\* .*: / {
	title = $0
	sub(/^\/\* /, "", title); sub(/ *\*\/$/, "", title); sub(/[^:]*: /, "", title)
	if (open) print ".El"
	title = toupper(substr(title, 1, 1)) substr(title, 2)
	print ".Ss " title
	print ".Bl -tag -width Ds"
	open = 1
}
/^LGX_DIAG\(/ {
	split($0, part, "\"")
	print ".It Sy " part[2]
	print part[4]
}
END {
	print ".El"
	print ".Sh SEE ALSO"
	print ".Xr lgx 7"
}
