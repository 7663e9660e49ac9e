/*
 * base/partner.c - one partner, one page: mappings/partners/NAME.yaml
 * Floor base.
 */
#include "base/partner.h"

static const char *const settings[] = {
	"partner", "scac", "aliases", "isa", "zone", "charset", "edi", "canon", "audit", "feeds",
};

static bool
list_has(const struct lgx_conf *list, struct lgx_str word)
{
	LGX_CONF_EACH(item, list)
		if (lgx_str_eq(item->text, word))
			return true;
	return false;
}

static bool
has_isa(const struct lgx_partner *p, struct lgx_str qualifier, struct lgx_str id)
{
	LGX_CONF_EACH(item, p->isa) {
		struct lgx_str rest = item->text, q = lgx_str_cut(&rest, ':');

		if (lgx_str_eq(q, qualifier) && lgx_str_eq(rest, id))
			return true;
	}
	return false;
}

static bool
has_scac(const struct lgx_partner *p, struct lgx_str scac)
{
	return scac.n > 0 && (lgx_str_eq(p->scac, scac) || list_has(p->aliases, scac));
}

static int
read_list(const struct lgx_conf *page, const char *key, const struct lgx_conf **out,
    struct lgx_err *err)
{
	int	 st;

	if ((*out = lgx_conf_get(page, key)) == NULL)
		return LGX_OK;
	if ((st = lgx_conf_expect(*out, LGX_CONF_LIST, err)) != LGX_OK)
		return st;
	LGX_CONF_EACH(item, *out)
		if ((st = lgx_conf_expect(item, LGX_CONF_SCALAR, err)) != LGX_OK)
			return st;
	return LGX_OK;
}

static int
read_section(const struct lgx_conf *page, const char *key, const struct lgx_conf **out,
    struct lgx_err *err)
{
	*out = lgx_conf_get(page, key);
	return *out != NULL ? lgx_conf_expect(*out, LGX_CONF_MAP, err) : LGX_OK;
}

static int
check_zone(const struct lgx_conf *page, const struct lgx_partner *p, struct lgx_err *err)
{
	int	 seconds;

	if (p->zone.n == 0 || lgx_zone_offset(p->zone, 0, &seconds))
		return LGX_OK;
	return lgx_conf_err(lgx_conf_get(page, "zone"), err, LGX_E_CONF_VALUE,
	    "unknown time zone '%.*s'", LGX_STR_ARG(p->zone));
}

static int
check_ids(const struct lgx_partner *p, struct lgx_err *err)
{
	LGX_CONF_EACH(item, p->isa)
		if (memchr(item->text.p, ':', item->text.n) == NULL)
			return lgx_conf_err(item, err, LGX_E_CONF_VALUE,
			    "an interchange id is written QUALIFIER:ID, as \"02:ABCD\"");
	return LGX_OK;
}

static int
read_page(const struct lgx_conf *page, struct lgx_partner *p, struct lgx_err *err)
{
	int	 st;

	*p = (struct lgx_partner){ .page = page, .name = LGX_STR_EMPTY, .scac = LGX_STR_EMPTY,
	    .zone = LGX_STR_EMPTY, .charset = LGX_STR_EMPTY };
	if ((st = lgx_conf_expect(page, LGX_CONF_MAP, err)) != LGX_OK ||
	    (st = lgx_conf_allow(page, settings, LGX_LEN(settings), err)) != LGX_OK ||
	    (st = lgx_conf_str(page, "partner", true, &p->name, err)) != LGX_OK ||
	    (st = lgx_conf_str(page, "scac", false, &p->scac, err)) != LGX_OK ||
	    (st = lgx_conf_str(page, "zone", false, &p->zone, err)) != LGX_OK ||
	    (st = lgx_conf_str(page, "charset", false, &p->charset, err)) != LGX_OK ||
	    (st = read_list(page, "aliases", &p->aliases, err)) != LGX_OK ||
	    (st = read_list(page, "isa", &p->isa, err)) != LGX_OK ||
	    (st = read_section(page, "edi", &p->edi, err)) != LGX_OK ||
	    (st = read_section(page, "canon", &p->canon, err)) != LGX_OK ||
	    (st = read_section(page, "audit", &p->audit, err)) != LGX_OK ||
	    (st = read_section(page, "feeds", &p->feeds, err)) != LGX_OK ||
	    (st = check_ids(p, err)) != LGX_OK)
		return st;
	return check_zone(page, p, err);
}

/* No two pages may claim the same SCAC or interchange id. */
static int
check_claims(const struct lgx_partners *all, const struct lgx_partner *p, struct lgx_err *err)
{
	for (const struct lgx_partner *o = all->p; o < p; o++) {
		bool	 clash = has_scac(o, p->scac);

		LGX_CONF_EACH(item, p->aliases)
			clash |= has_scac(o, item->text);
		LGX_CONF_EACH(item, p->isa) {
			struct lgx_str rest = item->text, q = lgx_str_cut(&rest, ':');

			clash |= has_isa(o, q, rest);
		}
		if (clash)
			return lgx_conf_err(p->page, err, LGX_E_CONF_AMBIGUOUS,
			    "%.*s and %.*s claim the same SCAC or interchange id",
			    LGX_STR_ARG(p->name), LGX_STR_ARG(o->name));
	}
	return LGX_OK;
}

int
lgx_partners_load(const struct lgx_find *find, struct lgx_partners *all, struct lgx_err *err)
{
	const char		**paths;
	const struct lgx_conf	 *page;
	size_t			  n;
	int			  st;

	*all = (struct lgx_partners){ 0 };
	if ((st = lgx_find_folder(find, "partners", ".yaml", &all->text, &paths, &n, err)) != LGX_OK)
		return st;
	all->p = lgx_arena_alloc(&all->text, (n + 1) * sizeof(*all->p));
	for (; all->n < n; all->n++) {
		struct lgx_partner *p = &all->p[all->n];

		if ((st = lgx_conf_load(paths[all->n], &all->text, &page, err)) != LGX_OK ||
		    (st = read_page(page, p, err)) != LGX_OK ||
		    (st = check_claims(all, p, err)) != LGX_OK)
			return st;
	}
	return LGX_OK;
}

void
lgx_partners_release(struct lgx_partners *all)
{
	lgx_arena_release(&all->text);
	*all = (struct lgx_partners){ 0 };
}

const struct lgx_partner *
lgx_partner_by_isa(const struct lgx_partners *all, struct lgx_str qualifier, struct lgx_str id)
{
	for (size_t i = 0; i < all->n; i++)
		if (has_isa(&all->p[i], qualifier, id))
			return &all->p[i];
	return NULL;
}

const struct lgx_partner *
lgx_partner_by_scac(const struct lgx_partners *all, struct lgx_str scac)
{
	for (size_t i = 0; i < all->n; i++)
		if (has_scac(&all->p[i], scac))
			return &all->p[i];
	return NULL;
}
