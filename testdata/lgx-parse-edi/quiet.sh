cd "$D" && lgx-parse-edi -q count-se.in
