/*
 * fuzz/replay.c - run a fuzz entry over files, without libFuzzer
 *
 * Every fuzz/fuzz-*.c is linked with this where the compiler has no libFuzzer,
 * so that each corpus is a test everywhere.
 */
#include <stdio.h>

#include "base/io.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define FILE_MAX	((size_t)64 << 20)

int
main(int argc, char **argv)
{
	struct lgx_buf	 b = { 0 };
	struct lgx_err	 err;
	char		 text[600];

	for (int i = 1; i < argc; i++) {
		if (lgx_file_read(argv[i], FILE_MAX, &b, &err) != LGX_OK) {
			lgx_err_format(&err, text, sizeof(text));
			fprintf(stderr, "%s\n", text);
			return LGX_EXIT_FAILED;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)lgx_buf_str(&b).p, b.n);
	}
	lgx_buf_release(&b);
	return 0;
}
