/*
 * recon/state.h - generations on disk
 * Floor recon: uses base and rec.  lgx-reconcile(1), STATE, describes the files.
 *
 *	DIR/generations/000002-RUN.json	a manifest: which segments, made from what
 *	DIR/segments/SHA256.ndjson	sorted lines, immutable, named by their bytes
 *
 * A generation is committed by the rename of its manifest; a segment without a
 * manifest is litter and harms nothing.
 */
#ifndef LGX_RECON_STATE_H
#define LGX_RECON_STATE_H

#include "rec/rec.h"
#include "recon/sorter.h"

#define LGX_STATE_SEGMENTS	60000	/* of one generation */

struct lgx_generation {
	uint64_t	 number;	/* from 1 */
	struct lgx_str	 run, as_of, input, config;
	struct lgx_str	*segments;	/* SHA-256 in hex, oldest first */
	size_t		 nsegments;
};

struct lgx_state {			/* all-zero: none */
	const char	*dir;
	struct lgx_generation base;	/* number 0: nothing before */
	struct lgx_generation again;	/* this run was done before, number 0: it was not */
	bool		 newest;	/* again is the newest generation */
	struct lgx_generation next;	/* to be committed */
	struct lgx_arena text;
};

/*
 * Look what is there for a run: its predecessor in base, itself in again.  The
 * folder is made if it is missing.  LGX_OK; LGX_CONFIG (no folder, a manifest
 * that is damaged or of a newer lgx).
 */
LGX_MUST_USE int lgx_state_open(struct lgx_state *, const char *dir, struct lgx_str run,
    struct lgx_err *);
/* Hand out every line of base; segments count from 1.  LGX_FAIL if one is damaged. */
LGX_MUST_USE int lgx_state_read(struct lgx_state *,
    int (*line)(void *arg, struct lgx_str line, unsigned segment, struct lgx_err *), void *arg,
    struct lgx_err *);
/*
 * May the run go on, with this input?  LGX_OK, *commits says whether its
 * generation will be new; LGX_CONFIG: done before with other input.
 */
LGX_MUST_USE int lgx_state_admit(struct lgx_state *, struct lgx_str as_of, struct lgx_str input,
    struct lgx_str config, bool redo, bool *commits, struct lgx_err *);
/* Write what this run adds as a segment; nothing if there is nothing. */
LGX_MUST_USE int lgx_state_add(struct lgx_state *, struct lgx_sorter *, struct lgx_err *);
/* Make it the newest generation.  Call when the output is safe. */
LGX_MUST_USE int lgx_state_commit(struct lgx_state *, struct lgx_err *);
void		 lgx_state_release(struct lgx_state *);

#endif
