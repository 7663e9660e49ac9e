/*
 * map/path.c - paths and conditions of the mapping language
 * Floor map: private to it.  lgx-mapping(5) has the grammar.
 *
 *	B3/02			element 2 of the B3 of where we stand
 *	N1[01=SH]/N4/02		... of the N4 in the N1 loop of the shipper
 *	04	../01	/B3/11	of this segment; of the loop around; of the set
 *	//AT7	$received	every AT7 of the set; a fact about the source
 */
#include "map/lang.h"

#define PATH(c, at, ...) lgx_conf_err((at), (c)->err, LGX_E_CONF_VALUE, __VA_ARGS__)

static const char *const attrs[] = {
	[MAP_RECEIVED] = "received", [MAP_SET] = "set", [MAP_VERSION] = "version",
	[MAP_SENDER] = "sender", [MAP_PARTNER_SCAC] = "partner.scac", [MAP_PARTNER_CURRENCY] = "partner.currency",
};

const struct lgx_str *
map_words(struct lgx_maps *maps, struct lgx_str text, size_t *n)
{
	struct lgx_str	*words, rest = text;
	size_t		 count = 1;

	for (size_t i = 0; i < text.n; i++)
		count += text.p[i] == '|';
	words = lgx_arena_alloc(&maps->arena, count * sizeof(*words));
	for (*n = 0; *n < count; (*n)++)
		words[*n] = lgx_str_trim(lgx_str_cut(&rest, '|'));
	return words;
}

int
map_unknown(struct map_compiler *c, const struct lgx_conf *at, const char *what,
    struct lgx_str word, const char *const *words, size_t n)
{
	const char	*near = lgx_str_nearest(word, words, n);

	return lgx_conf_err(at, c->err, LGX_E_CONF_UNKNOWN, "no %s '%.*s'%s%s%s", what,
	    LGX_STR_ARG(word), near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
}

static bool
is_tag(struct lgx_str s)
{
	if (s.n < 2 || s.n > 3 || s.p[0] < 'A' || s.p[0] > 'Z')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return true;
}

/* The two or three bytes of a name as a number; 0 for what can be no name. */
static uint32_t
tag_code(struct lgx_str name)
{
	const unsigned char	*p = (const unsigned char *)name.p;

	if (name.n == 2)
		return p[0] | (uint32_t)p[1] << 8;
	return name.n == 3 ? p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 : 0;
}

static unsigned
tag_slot(uint32_t code)
{
	return code * 2654435761u >> 24;
}

int
map_tag_of(const struct lgx_map *map, struct lgx_str name)
{
	uint32_t	 code = tag_code(name);
	unsigned	 h = tag_slot(code);
	int		 tag;

	for (; (tag = map->tag_slots[h]) != 0; h = (h + 1) & 0xff)
		if (map->tags[tag].code == code)
			return tag;
	return 0;
}

int
map_tag_add(struct lgx_map *map, struct lgx_str name)
{
	unsigned	 h = tag_slot(tag_code(name));
	int		 tag = map_tag_of(map, name);

	if (tag != 0 || !is_tag(name) || map->ntags == MAP_TAGS_MAX)
		return tag;
	tag = map->ntags++;
	while (map->tag_slots[h] != 0)
		h = (h + 1) & 0xff;
	map->tag_slots[h] = (uint8_t)tag;
	map->tags[tag] = (struct map_tag){ .name = name, .code = tag_code(name),
	    .like = (uint8_t)tag };
	return tag;
}

/* One or two digits, 1 to MAP_ELEMS_MAX. */
static bool
elem_number(struct lgx_str s, uint8_t *out)
{
	uint64_t	 v;

	if (s.n > 2 || !lgx_str_u64(s, &v) || v < 1 || v > MAP_ELEMS_MAX)
		return false;
	*out = (uint8_t)v;
	return true;
}

/* "[01=CN|BM]", "[01!=ZZ]", "[03]", "[!03]", without the brackets */
static int
compile_test(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str text,
    struct map_test *t)
{
	const char	*eq = memchr(text.p, '=', text.n);
	struct lgx_str	 name = { text.p, eq != NULL ? (size_t)(eq - text.p) : text.n };

	*t = (struct map_test){ .present = eq == NULL };
	if (eq != NULL)
		t->words = map_words(c->maps, lgx_str_from(text, name.n + 1), &t->n);
	if (eq != NULL && name.n > 0 && name.p[name.n - 1] == '!') {
		t->negate = true;
		name.n--;
	} else if (eq == NULL && name.n > 0 && name.p[0] == '!') {
		t->negate = true;
		name = lgx_str_from(name, 1);
	}
	if (elem_number(lgx_str_trim(name), &t->elem))
		return LGX_OK;
	return PATH(c, at, "'[%.*s]': a test begins with an element number from 01 to %d",
	    LGX_STR_ARG(text), MAP_ELEMS_MAX);
}

/* "N1[01=SH][02]" */
static int
compile_step(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str text,
    struct map_step *step)
{
	struct map_test	 tests[8];
	const char	*open = memchr(text.p, '[', text.n);
	struct lgx_str	 name = { text.p, open != NULL ? (size_t)(open - text.p) : text.n };
	struct lgx_str	 rest = lgx_str_from(text, name.n), inside;
	int		 st;

	*step = (struct map_step){ .tag = map_tag_add(c->map, name) };
	if (step->tag == 0)
		return PATH(c, at, is_tag(name) ? "'%.*s': too many segment names in one mapping" :
		    "'%.*s' is no segment name (two or three capitals or digits)", LGX_STR_ARG(name));
	while (rest.n > 0) {
		if (rest.p[0] != '[' || memchr(rest.p, ']', rest.n) == NULL ||
		    step->ntests == LGX_LEN(tests))
			return PATH(c, at, "'%.*s': expected [test] after the segment name",
			    LGX_STR_ARG(text));
		rest = lgx_str_from(rest, 1);
		inside = lgx_str_cut(&rest, ']');
		if ((st = compile_test(c, at, inside, &tests[step->ntests])) != LGX_OK)
			return st;
		step->ntests++;
	}
	if (step->ntests > 0) {
		struct map_test *kept = lgx_arena_alloc(&c->maps->arena, step->ntests * sizeof(*kept));

		memcpy(kept, tests, step->ntests * sizeof(*kept));
		step->tests = kept;
	}
	return LGX_OK;
}

/* "02" or "07-2" */
static bool
read_elem(struct lgx_str s, struct map_path *path)
{
	struct lgx_str	 rest = s, elem = lgx_str_cut(&rest, '-');

	if (!elem_number(elem, &path->elem))
		return false;
	return elem.n == s.n || elem_number(rest, &path->comp);
}

/* The piece before the next '/' that is not inside brackets. */
static struct lgx_str
cut_step(struct lgx_str *rest)
{
	struct lgx_str	 s = *rest;
	size_t		 i = 0;
	bool		 inside = false;

	for (; i < s.n && (inside || s.p[i] != '/'); i++)
		inside = s.p[i] == '[' || (inside && s.p[i] != ']');
	*rest = lgx_str_from(s, i < s.n ? i + 1 : i);
	return lgx_str_head(s, i);
}

/* A segment within a loop must be one that the loop takes or holds. */
static int
check_step(struct map_compiler *c, const struct lgx_conf *at, const struct map_path *path)
{
	const struct lgx_map	*map = c->map;
	const struct map_step	*last = &path->steps[path->nsteps - 1];

	if (path->nsteps < 2)
		return LGX_OK;
	for (int l = 1; l < map->nloops; l++)
		if (map->loops[l].tag == last[-1].tag && map->loops[l].act[last->tag] != MAP_ENDS)
			return LGX_OK;
	return PATH(c, at, "'%.*s': no loop %.*s with %.*s in it; see loops:", LGX_STR_ARG(path->text),
	    LGX_STR_ARG(map->tags[last[-1].tag].name), LGX_STR_ARG(map->tags[last->tag].name));
}

static struct lgx_str
read_origin(struct lgx_str rest, struct map_path *path)
{
	path->origin = MAP_HERE;
	if (lgx_str_starts(rest, LGX_STR("//"))) {
		path->origin = MAP_ANYWHERE;
		return lgx_str_from(rest, 2);
	}
	if (lgx_str_starts(rest, LGX_STR("/"))) {
		path->origin = MAP_ROOT;
		return lgx_str_from(rest, 1);
	}
	for (; lgx_str_starts(rest, LGX_STR("../")); rest = lgx_str_from(rest, 3)) {
		path->origin = MAP_UP;
		path->up++;
	}
	return rest;
}

static int
compile_attr(struct map_compiler *c, const struct lgx_conf *at, struct map_path *path)
{
	struct lgx_str	 name = lgx_str_from(path->text, 1);

	path->origin = MAP_SOURCE;
	for (size_t i = 0; i < LGX_LEN(attrs); i++)
		if (lgx_str_eq(name, lgx_str_of(attrs[i]))) {
			path->attr = (enum map_attr)i;
			return LGX_OK;
		}
	return map_unknown(c, at, "fact about the source called", name, attrs, LGX_LEN(attrs));
}

static void
compile_column(struct map_compiler *c, struct map_path *path)
{
	struct lgx_map	*map = c->map;
	size_t		 i = 0;

	path->origin = MAP_COLUMN;
	path->family = memchr(path->text.p, '#', path->text.n) != NULL;
	while (i < map->ncolumns && !lgx_str_eq(map->columns[i].name, path->text))
		i++;
	path->column = (uint32_t)i;
	if (i < map->ncolumns)
		return;
	map->columns = lgx_grow(map->columns, &map->columns_cap, i + 1, sizeof(*map->columns));
	map->columns[map->ncolumns++] = (struct map_column){ .name = path->text,
	    .family = path->family };
}

int
map_path_compile(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str text,
    struct map_path *path)
{
	struct lgx_str	 rest, piece;
	int		 st;

	*path = (struct map_path){ .text = text };
	if (text.n == 0)
		return PATH(c, at, "an empty path");
	if (text.p[0] == '$')
		return compile_attr(c, at, path);
	if (c->map->from == LGX_FROM_CSV) {
		compile_column(c, path);
		return LGX_OK;
	}
	for (rest = read_origin(text, path); rest.n > 0; ) {
		piece = cut_step(&rest);
		if (rest.n == 0 && read_elem(piece, path))
			break;
		if (path->nsteps == MAP_STEPS_MAX)
			return PATH(c, at, "'%.*s' has more than %d steps", LGX_STR_ARG(text),
			    MAP_STEPS_MAX);
		if ((st = compile_step(c, at, piece, &path->steps[path->nsteps])) != LGX_OK)
			return st;
		path->nsteps++;
		if ((st = check_step(c, at, path)) != LGX_OK)
			return st;
	}
	if (path->origin == MAP_ANYWHERE && path->nsteps == 0)
		return PATH(c, at, "'%.*s': a segment name must follow //", LGX_STR_ARG(text));
	return LGX_OK;
}

static const struct { const char *word; int op; } operators[] = {
	{ " != ", MAP_IS_NOT }, { " <= ", MAP_LE }, { " >= ", MAP_GE }, { " = ", MAP_IS },
};

static int
compile_side(struct map_compiler *c, const struct lgx_conf *at, struct lgx_str text,
    const struct map_path **out)
{
	struct map_path	*path = lgx_arena_alloc(&c->maps->arena, sizeof(*path));

	*out = path;
	return map_path_compile(c, at, lgx_str_trim(text), path);
}

int
map_cond_compile(struct map_compiler *c, const struct lgx_conf *at, struct map_cond *cond)
{
	struct lgx_str	 text, right;
	int		 st;

	*cond = (struct map_cond){ .op = MAP_HAS };
	if ((st = lgx_conf_expect(at, LGX_CONF_SCALAR, c->err)) != LGX_OK)
		return st;
	text = at->text;
	for (size_t i = 0; i < LGX_LEN(operators); i++) {
		struct lgx_str	 word = lgx_str_of(operators[i].word);
		ptrdiff_t	 pos = lgx_str_find(text, word);

		if (pos < 0)
			continue;
		cond->op = operators[i].op;
		right = lgx_str_from(text, (size_t)pos + word.n);
		if (cond->op == MAP_LE || cond->op == MAP_GE)
			st = compile_side(c, at, right, &cond->right);
		else
			cond->words = map_words(c->maps, right, &cond->n);
		text = lgx_str_head(text, (size_t)pos);
		break;
	}
	if (cond->op == MAP_HAS && lgx_str_starts(text, LGX_STR("not "))) {
		cond->op = MAP_HAS_NOT;
		text = lgx_str_from(text, 4);
	}
	return st == LGX_OK ? compile_side(c, at, text, &cond->left) : st;
}
