# awk -f man/records.awk lib/rec/schema.c man/lgx-records.5 >new
# Writes the page again with its lists of members made from the tables of the
# schema: what stands between the comments "begin members" and "end members".
FNR == NR && /^static const struct lgx_field [a-z_]+_rows\[\]/ {
	table = $5; sub(/\[.*/, "", table)
}
FNR == NR && /^static const char \*const [a-z]+_words\[\]/ {
	list = $5; sub(/^\*/, "", list); sub(/^const/, "", list)
	match($0, /[a-z]+_words/); list = substr($0, RSTART, RLENGTH); table = ""
}
FNR == NR && list != "" {
	n = split($0, part, "\"")
	for (i = 2; i <= n; i += 2)
		words[list] = words[list] (words[list] == "" ? "" : ", ") part[i]
	if (/NULL/) list = ""
}
FNR == NR && table != "" && /^\t\{ "/ {
	split($0, part, "\"")
	split(part[3], col, /,[ \t]*/)
	rows[table] = rows[table] item(part[2], col[2], col[3], part[4])
}
FNR == NR && /^};/ { table = "" }
FNR == NR && /\[W_[A-Z]+\] = / {
	line = $0
	while (match(line, /\[W_[A-Z]+\] = [a-z]+_words/)) {
		split(substr(line, RSTART + 1, RLENGTH - 1), part, "] = ")
		wordlist[part[1]] = part[2]
		line = substr(line, RSTART + RLENGTH)
	}
}
FNR == NR && /SHAPE\("/ {
	split($0, part, "\"")
	id = $1; gsub(/[][=]/, "", id)
	if (id == "S_KIND") id = $3
	match($0, /[a-z_]+_rows/)
	title[++shapes] = part[2]; body[shapes] = substr($0, RSTART, RLENGTH)
	names[id] = part[2]; kind[shapes] = /S_KIND/
}
FNR == NR { next }
/^\.\\" begin members/ { print; members($0 ~ /kinds/); skip = 1 }
/^\.\\" end members/ { skip = 0 }
!skip { print }

function item(name, type, sub_, means) { return name "\t" type "\t" sub_ "\t" means "\n" }

function typed(type, sub_) {
	if (type == "LGX_T_OBJECT") return "object: " names[sub_]
	if (type == "LGX_T_OBJECTS") return "array: " names[sub_]
	return says[type]
}

function members(kinds,	i, j, n, line, f, width) {
	says["LGX_T_TEXT"] = "text"; says["LGX_T_DEC"] = "decimal"; says["LGX_T_MONEY"] = "money"
	says["LGX_T_LIMIT"] = "limit"; says["LGX_T_CURRENCY"] = "currency"
	says["LGX_T_DATE"] = "date"; says["LGX_T_INSTANT"] = "instant"
	says["LGX_T_LOCAL"] = "local time"; says["LGX_T_WHEN"] = "when"; says["LGX_T_WORD"] = "word"
	says["LGX_T_COUNT"] = "number"; says["LGX_T_BOOL"] = "boolean"
	says["LGX_T_OCTETS"] = "octets"
	says["LGX_T_TEXTS"] = "array: text"; says["LGX_T_MONEYS"] = "object: money"
	says["LGX_T_DECS"] = "object: decimal"; says["LGX_T_FREE"] = "any JSON"
	says["LGX_T_RECORD"] = "record"
	for (i = 1; i <= shapes; i++) {
		if (kind[i] != kinds) continue
		print ".Ss " title[i]
		print ".Bl -tag -width eta_impact_hours -compact"
		n = split(rows[body[i]], line, "\n")
		for (j = 1; j < n; j++) {
			split(line[j], f, "\t")
			print ".It Va " f[1]
			print typed(f[2], f[3]) "; " f[4]
			if (f[2] == "LGX_T_WORD") print "(" words[wordlist[f[3]]] ")"
		}
		print ".El"
	}
}
