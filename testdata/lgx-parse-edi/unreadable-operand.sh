cd "$D" && lgx-parse-edi no-such-file.edi count-ge.in
