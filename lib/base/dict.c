/*
 * base/dict.c - a set of texts, each with a small number
 * Floor base.
 */
#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/dict.h"

static uint64_t	hash_key[2];

static void __attribute__((constructor))
choose_key(void)
{
	if (getrandom(hash_key, sizeof(hash_key), GRND_NONBLOCK) != (ssize_t)sizeof(hash_key))
		hash_key[0] = (uint64_t)time(NULL) ^ (uintptr_t)&hash_key;
	hash_key[0] |= 1;
	hash_key[1] |= 1;
}

/* Both halves of a 64 x 64 product, folded. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 u128;
	u128	 p = (u128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t
load(const char *p, size_t n)	/* n <= 8 */
{
	uint64_t	 v = 0;

	memcpy(&v, p, n);
	return v;
}

uint64_t
lgx_hash(struct lgx_str s)
{
	uint64_t	 h = hash_key[0] ^ s.n;

	for (; s.n > 16; s = lgx_str_from(s, 16))
		h = fold(load(s.p, 8) ^ h, load(s.p + 8, 8) ^ hash_key[1]);
	if (s.n > 8)
		return fold(fold(load(s.p, 8) ^ h, load(s.p + 8, s.n - 8) ^ hash_key[1]),
		    hash_key[0] ^ UINT64_C(0x9E3779B97F4A7C15));
	return fold(fold(load(s.p, s.n) ^ h, hash_key[1]),
	    hash_key[0] ^ UINT64_C(0x9E3779B97F4A7C15));
}

static size_t
slot_of(const struct lgx_dict *d, struct lgx_str key, uint64_t hash)
{
	size_t	 i = hash & (d->nslots - 1);

	for (; d->slots[i] != 0; i = (i + 1) & (d->nslots - 1)) {
		const struct lgx_dict_entry *e = &d->entries[d->slots[i] - 1];

		if (e->hash == hash && lgx_str_eq(e->key, key))
			break;
	}
	return i;
}

static void
rehash(struct lgx_dict *d)
{
	free(d->slots);
	d->nslots = d->nslots > 0 ? 2 * d->nslots : 64;
	d->slots = lgx_calloc(d->nslots, sizeof(*d->slots));
	for (size_t k = 0; k < d->n; k++) {
		size_t	 i = d->entries[k].hash & (d->nslots - 1);

		while (d->slots[i] != 0)
			i = (i + 1) & (d->nslots - 1);
		d->slots[i] = (uint32_t)k + 1;
	}
}

uint32_t
lgx_dict_find(const struct lgx_dict *d, struct lgx_str key)
{
	if (d->n == 0)
		return LGX_DICT_NONE;
	return d->slots[slot_of(d, key, lgx_hash(key))] - 1;	/* 0 - 1 is NONE */
}

uint32_t
lgx_dict_add(struct lgx_dict *d, struct lgx_str key)
{
	uint64_t	 hash = lgx_hash(key);
	size_t		 i;

	if (d->n * 4 >= d->nslots * 3)
		rehash(d);
	i = slot_of(d, key, hash);
	if (d->slots[i] == 0) {
		assert(d->n < LGX_DICT_NONE - 1);
		d->entries = lgx_grow(d->entries, &d->cap, d->n + 1, sizeof(*d->entries));
		d->entries[d->n++] = (struct lgx_dict_entry){ lgx_arena_str(&d->text, key), hash };
		d->slots[i] = (uint32_t)d->n;
	}
	return d->slots[i] - 1;
}

struct lgx_str
lgx_dict_text(const struct lgx_dict *d, uint32_t number)
{
	assert(number < d->n);
	return d->entries[number].key;
}

void
lgx_dict_release(struct lgx_dict *d)
{
	free(d->entries);
	free(d->slots);
	lgx_arena_release(&d->text);
	*d = (struct lgx_dict){ 0 };
}
