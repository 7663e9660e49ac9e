/*
 * base/conf.c - configuration: YAML as a tree that knows its places
 * Floor base.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/conf.h"
#include "base/io.h"

struct load {
	yaml_parser_t		 parser;
	const char		*file;
	struct lgx_arena	*arena;
	struct lgx_err		*err;
	int			 depth;
};

static struct lgx_place
mark_place(const struct load *l, yaml_mark_t mark)
{
	return (struct lgx_place){ .file = l->file, .unit = LGX_LINE, .n = mark.line + 1,
	    .column = mark.column + 1, .byte = -1 };
}

static int
next_event(struct load *l, yaml_event_t *event)
{
	if (yaml_parser_parse(&l->parser, event))
		return LGX_OK;
	if (l->parser.error == YAML_MEMORY_ERROR)
		lgx_oom();
	return lgx_err_config(l->err, LGX_E_CONF_SYNTAX, mark_place(l, l->parser.problem_mark),
	    "%s", l->parser.problem != NULL ? l->parser.problem : "not YAML");
}

static struct lgx_conf *
new_node(struct load *l, const yaml_event_t *event, enum lgx_conf_type type)
{
	struct lgx_conf	*node = lgx_arena_alloc(l->arena, sizeof(*node));

	*node = (struct lgx_conf){ .type = type, .file = l->file,
	    .line = (int)event->start_mark.line + 1, .column = (int)event->start_mark.column + 1,
	    .key = LGX_STR_EMPTY, .text = LGX_STR_EMPTY };
	return node;
}

static int	read_node(struct load *, const yaml_event_t *, struct lgx_conf **);

static int
read_key(struct load *l, const yaml_event_t *event, const struct lgx_conf *parent,
    struct lgx_str *key)
{
	if (event->type != YAML_SCALAR_EVENT)
		return lgx_err_config(l->err, LGX_E_CONF_SYNTAX, mark_place(l, event->start_mark),
		    "a key must be a plain word");
	*key = lgx_arena_str(l->arena, (struct lgx_str){
	    (const char *)event->data.scalar.value, event->data.scalar.length });
	LGX_CONF_EACH(old, parent)
		if (lgx_str_eq(old->key, *key))
			return lgx_err_config(l->err, LGX_E_CONF_SYNTAX,
			    mark_place(l, event->start_mark), "key '%.*s' stands twice",
			    LGX_STR_ARG(*key));
	return LGX_OK;
}

static int
read_children(struct load *l, struct lgx_conf *parent, yaml_event_type_t end)
{
	const struct lgx_conf	**tail = &parent->first;
	struct lgx_conf		 *child;
	struct lgx_str		  key = LGX_STR_EMPTY;
	yaml_mark_t		  key_mark = { 0 };
	yaml_event_t		  event;
	bool			  done = false;
	int			  st = LGX_OK;

	while (!done && (st = next_event(l, &event)) == LGX_OK) {
		if (event.type == end) {
			done = true;
		} else if (parent->type == LGX_CONF_MAP && key.p[0] == '\0') {
			st = read_key(l, &event, parent, &key);
			key_mark = event.start_mark;
			if (st == LGX_OK && key.n == 0)
				st = lgx_err_config(l->err, LGX_E_CONF_SYNTAX,
				    mark_place(l, event.start_mark), "empty key");
		} else if ((st = read_node(l, &event, &child)) == LGX_OK) {
			child->key = key;
			child->key_line = (int)key_mark.line + 1;
			child->key_column = (int)key_mark.column + 1;
			key = LGX_STR_EMPTY;
			*tail = child;
			tail = &child->next;
			parent->n++;
		}
		yaml_event_delete(&event);
		if (st != LGX_OK)
			break;
	}
	return st;
}

static int
read_node(struct load *l, const yaml_event_t *event, struct lgx_conf **out)
{
	int	 st;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
			break;
		*out = new_node(l, event, LGX_CONF_SCALAR);
		(*out)->text = lgx_arena_str(l->arena, (struct lgx_str){
		    (const char *)event->data.scalar.value, event->data.scalar.length });
		return LGX_OK;
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		if ((event->type == YAML_MAPPING_START_EVENT ? event->data.mapping_start.anchor :
		    event->data.sequence_start.anchor) != NULL)
			break;
		if (++l->depth > LGX_DEPTH_MAX)
			return lgx_err_config(l->err, LGX_E_CONF_SYNTAX,
			    mark_place(l, event->start_mark), "nested deeper than %d", LGX_DEPTH_MAX);
		*out = new_node(l, event, event->type == YAML_MAPPING_START_EVENT ?
		    LGX_CONF_MAP : LGX_CONF_LIST);
		st = read_children(l, *out, event->type == YAML_MAPPING_START_EVENT ?
		    YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT);
		l->depth--;
		return st;
	default:
		break;
	}
	return lgx_err_config(l->err, LGX_E_CONF_SYNTAX, mark_place(l, event->start_mark),
	    "anchors, aliases and tags are not read here");
}

/* The stream must be one document; an empty one is an empty mapping. */
static int
read_document(struct load *l, struct lgx_conf **out)
{
	yaml_event_t	 event;
	bool		 ended = false;
	int		 st;

	*out = NULL;
	while (!ended && (st = next_event(l, &event)) == LGX_OK) {
		switch (event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_STREAM_END_EVENT:
			ended = true;
			break;
		default:
			st = *out == NULL ? read_node(l, &event, out) :
			    lgx_err_config(l->err, LGX_E_CONF_SYNTAX,
			    mark_place(l, event.start_mark), "more than one document");
		}
		if (ended && *out == NULL)
			*out = new_node(l, &event, LGX_CONF_MAP);
		yaml_event_delete(&event);
		if (st != LGX_OK)
			return st;
	}
	return st;
}

int
lgx_conf_parse(struct lgx_str text, const char *name, struct lgx_arena *arena,
    const struct lgx_conf **root, struct lgx_err *err)
{
	struct load	 l = { .file = name, .arena = arena, .err = err };
	struct lgx_conf	*node;
	int		 st;

	if (!yaml_parser_initialize(&l.parser))
		lgx_oom();
	yaml_parser_set_input_string(&l.parser, (const unsigned char *)text.p, text.n);
	yaml_parser_set_encoding(&l.parser, YAML_UTF8_ENCODING);
	if ((st = read_document(&l, &node)) == LGX_OK)
		*root = node;
	yaml_parser_delete(&l.parser);
	return st;
}

int
lgx_conf_load(const char *path, struct lgx_arena *arena, const struct lgx_conf **root,
    struct lgx_err *err)
{
	struct lgx_buf	 b = { 0 };
	int		 st;

	if (lgx_file_read(path, LGX_CONF_MAX, &b, err) != LGX_OK) {
		if (err != NULL)
			err->diag = LGX_E_CONF_OPEN;
		st = LGX_CONFIG;
	} else {
		st = lgx_conf_parse(lgx_buf_str(&b), lgx_arena_z(arena, lgx_str_of(path)), arena,
		    root, err);
	}
	lgx_buf_release(&b);
	return st;
}

const struct lgx_conf *
lgx_conf_get(const struct lgx_conf *node, const char *key)
{
	if (node == NULL || node->type != LGX_CONF_MAP)
		return NULL;
	LGX_CONF_EACH(child, node)
		if (lgx_str_eq(child->key, lgx_str_of(key)))
			return child;
	return NULL;
}

struct lgx_str
lgx_conf_text(const struct lgx_conf *node, const char *key, const char *otherwise)
{
	const struct lgx_conf	*child = lgx_conf_get(node, key);

	return child != NULL && child->type == LGX_CONF_SCALAR ? child->text : lgx_str_of(otherwise);
}

struct lgx_place
lgx_conf_place(const struct lgx_conf *node)
{
	return (struct lgx_place){ .file = node->file, .unit = LGX_LINE, .n = (uint64_t)node->line,
	    .column = (uint64_t)node->column, .byte = -1 };
}

int
lgx_conf_err(const struct lgx_conf *node, struct lgx_err *err, enum lgx_diag diag,
    const char *fmt, ...)
{
	char	 msg[sizeof(err->msg)];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return lgx_err_config(err, diag, lgx_conf_place(node), "%s", msg);
}

static const char *const type_names[] = {
	[LGX_CONF_SCALAR] = "a plain value", [LGX_CONF_MAP] = "a mapping", [LGX_CONF_LIST] = "a list",
};

int
lgx_conf_expect(const struct lgx_conf *node, enum lgx_conf_type type, struct lgx_err *err)
{
	if (node->type == type)
		return LGX_OK;
	return lgx_conf_err(node, err, LGX_E_CONF_TYPE, "%.*s%sexpected %s, found %s",
	    LGX_STR_ARG(node->key), node->key.n > 0 ? ": " : "", type_names[type],
	    type_names[node->type]);
}

/* The scalar member of that key: *out NULL if it is absent and need not be there. */
static int
scalar(const struct lgx_conf *node, const char *key, bool must, const struct lgx_conf **out,
    struct lgx_err *err)
{
	*out = lgx_conf_get(node, key);
	if (*out != NULL)
		return lgx_conf_expect(*out, LGX_CONF_SCALAR, err);
	return must ? lgx_conf_err(node, err, LGX_E_CONF_MISSING, "%s is missing", key) : LGX_OK;
}

int
lgx_conf_str(const struct lgx_conf *node, const char *key, bool must, struct lgx_str *out,
    struct lgx_err *err)
{
	const struct lgx_conf	*child;
	int			 st = scalar(node, key, must, &child, err);

	if (st == LGX_OK && child != NULL)
		*out = child->text;
	return st;
}

int
lgx_conf_int(const struct lgx_conf *node, const char *key, bool must, int64_t min, int64_t max,
    int64_t *out, struct lgx_err *err)
{
	const struct lgx_conf	*child;
	struct lgx_dec		 d;
	int			 st = scalar(node, key, must, &child, err);

	if (st != LGX_OK || child == NULL)
		return st;
	if (!lgx_dec_parse(child->text, &d) || d.scale != 0 || d.coef < min || d.coef > max)
		return lgx_conf_err(child, err, LGX_E_CONF_VALUE,
		    "%s: expected a whole number from %lld to %lld, found '%.*s'", key,
		    (long long)min, (long long)max, LGX_STR_ARG(child->text));
	*out = d.coef;
	return LGX_OK;
}

int
lgx_conf_dec(const struct lgx_conf *node, const char *key, bool must, struct lgx_dec *out,
    struct lgx_err *err)
{
	const struct lgx_conf	*child;
	int			 st = scalar(node, key, must, &child, err);

	if (st == LGX_OK && child != NULL && !lgx_dec_parse(child->text, out))
		st = lgx_conf_err(child, err, LGX_E_CONF_VALUE, "%s: expected a number, found '%.*s'",
		    key, LGX_STR_ARG(child->text));
	return st;
}

int
lgx_conf_bool(const struct lgx_conf *node, const char *key, bool must, bool *out,
    struct lgx_err *err)
{
	static const char *const words[] = { "false", "true" };
	int	 word = -1, st = lgx_conf_word(node, key, must, words, LGX_LEN(words), &word, err);

	if (st == LGX_OK && word >= 0)
		*out = word == 1;
	return st;
}

static int
unknown_word(struct lgx_place at, struct lgx_str word, const char *what,
    const char *const *words, size_t n, struct lgx_err *err)
{
	const char	*near = lgx_str_nearest(word, words, n);

	return lgx_err_config(err, LGX_E_CONF_UNKNOWN, at, "%s '%.*s'%s%s%s", what, LGX_STR_ARG(word),
	    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int
lgx_conf_word(const struct lgx_conf *node, const char *key, bool must, const char *const *words,
    size_t n, int *out, struct lgx_err *err)
{
	const struct lgx_conf	*child;
	int			 st = scalar(node, key, must, &child, err);

	if (st != LGX_OK || child == NULL)
		return st;
	for (size_t i = 0; i < n; i++)
		if (lgx_str_eq(child->text, lgx_str_of(words[i]))) {
			*out = (int)i;
			return LGX_OK;
		}
	return unknown_word(lgx_conf_place(child), child->text, "unknown value", words, n, err);
}

int
lgx_conf_allow(const struct lgx_conf *node, const char *const *words, size_t n, struct lgx_err *err)
{
	LGX_CONF_EACH(child, node) {
		struct lgx_place at = lgx_conf_place(child);
		size_t	 i = 0;

		while (i < n && !lgx_str_eq(child->key, lgx_str_of(words[i])))
			i++;
		if (i < n)
			continue;
		at.n = (uint64_t)child->key_line;
		at.column = (uint64_t)child->key_column;
		return unknown_word(at, child->key, "unknown setting", words, n, err);
	}
	return LGX_OK;
}
