cd "$D" && lgx-parse-edi -v --max-set 1K unknown-segments.in count-ge.in 210.in
