# A set that would have every event repeat tens of thousands of references is refused.
awk 'BEGIN {
	printf "{\"kind\":\"edi\",\"id\":\"e\",\"set\":\"214\",\"segments\":[[\"ST\",\"214\"],[\"B10\",\"P\",\"\",\"ABCD\"]"
	for (i = 0; i < 30000; i++) printf ",[\"L11\",\"%d\",\"ZZ\"]", i
	for (i = 0; i < 3000; i++) printf ",[\"AT7\",\"X6\",\"NS\",\"\",\"\",\"20240101\",\"1200\"]"
	print "]}"
}' | lgx-canon | cut -c1-120
