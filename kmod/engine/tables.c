// SPDX-License-Identifier: GPL-2.0
/* What rules and injects refer to: delays, pages, and probabilities by hour and by load. */
#include "adding.h"
#include "grow.h"

/* Room for one more of an array whose limit is @most. Return: the array, or NULL. */
#define room_for(pol, array, n, room, most, limit, why, err)					\
	((pol)->n == (most) ? (*(why) = (limit), *(err) = -E2BIG, NULL) :			\
	 grow_one((pol)->array, (pol)->n, &(pol)->room, sizeof(*(pol)->array), &(pol)->bytes,	\
		  (why), (err)))

static void *grow_one(void *old, u32 n, u32 *room, size_t size, size_t *bytes, const char **why,
		      int *err)
{
	void *grown = censor_grow(old, n, room, 1, size, bytes);

	if (!grown) {
		*why = censor_no_memory;
		*err = -ENOMEM;
	}
	return grown;
}

static int check_delay(const struct censor_delay *delay, const char **why)
{
	u32 i;

	if (!delay->n || delay->n > CENSOR_DELAY_POINTS) {
		*why = "a delay is described by 1 to 8 points";
		return -EINVAL;
	}
	for (i = 0; i < delay->n; i++) {
		if (delay->point[i].at > CENSOR_CERTAIN ||
		    (i && delay->point[i].at <= delay->point[i - 1].at)) {
			*why = "the points of a delay rise from min by p1 … p99 to max";
			return -EINVAL;
		}
		if (i && delay->point[i].us < delay->point[i - 1].us) {
			*why = "a higher point of a delay can't be a shorter time";
			return -EINVAL;
		}
	}
	return 0;
}

int censor_policy_add_delay(struct censor_policy *pol, const struct censor_delay *delay,
			    const char **why)
{
	struct censor_delay *delays;
	int err = censor_may_add(pol, why);

	if (!err)
		err = check_delay(delay, why);
	if (err)
		return err;
	delays = room_for(pol, delays, n_delays, room_delays, CENSOR_DELAYS_MAX,
			  "a policy has at most 1024 delays", why, &err);
	if (!delays)
		return err;
	pol->delays = delays;
	delays[pol->n_delays] = *delay;
	return (int)pol->n_delays++;
}

int censor_policy_add_page(struct censor_policy *pol, const char *name, const char **why)
{
	struct censor_page *pages;
	int err = censor_may_add(pol, why);

	if (!err)
		err = censor_check_name(name, why);
	if (err)
		return err;
	pages = room_for(pol, pages, n_pages, room_pages, CENSOR_PAGES_MAX,
			 "a policy has at most 256 pages", why, &err);
	if (!pages)
		return err;
	pol->pages = pages;
	pages += pol->n_pages;
	memset(pages, 0, sizeof(*pages));
	censor_copy_name(pages->name, name);
	return (int)pol->n_pages++;
}

int censor_policy_add_page_data(struct censor_policy *pol, u32 page, const void *data, size_t len,
				const char **why)
{
	struct censor_page *p;
	u8 *grown;
	int err = censor_may_add(pol, why);

	if (err)
		return err;
	if (page >= pol->n_pages) {
		*why = "there is no such page";
		return -ENOENT;
	}
	p = &pol->pages[page];
	if (len > CENSOR_PAGE_SIZE - p->len) {
		*why = "a page has at most 8192 bytes";
		return -E2BIG;
	}
	if (!len)
		return 0;
	grown = censor_alloc(p->len + len);
	if (!grown) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	if (p->len)
		memcpy(grown, p->data, p->len);
	memcpy(grown + p->len, data, len);
	censor_free(p->data);
	p->data = grown;
	p->len += len;
	pol->bytes += len;
	return 0;
}

int censor_policy_add_hours(struct censor_policy *pol, const struct censor_hours *hours,
			    const char **why)
{
	struct censor_hours *tables;
	int err = censor_may_add(pol, why);
	u32 i;

	if (!err)
		err = censor_check_name(hours->name, why);
	if (err)
		return err;
	if (hours->offset_min < -1440 || hours->offset_min > 1440) {
		*why = "local time is at most a day from UTC";
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(hours->chance); i++) {
		if (hours->chance[i] > CENSOR_CERTAIN) {
			*why = "a probability is at most 100 %";
			return -EINVAL;
		}
	}
	tables = room_for(pol, hours, n_hours, room_hours, CENSOR_TABLES_MAX,
			  "a policy has at most 64 tables of hours", why, &err);
	if (!tables)
		return err;
	pol->hours = tables;
	tables[pol->n_hours] = *hours;
	return (int)pol->n_hours++;
}

int censor_policy_add_load(struct censor_policy *pol, const struct censor_load *load,
			   const char **why)
{
	struct censor_load *tables;
	int err = censor_may_add(pol, why);
	u32 i;

	if (!err)
		err = censor_check_name(load->name, why);
	if (err)
		return err;
	if (!load->n || load->n > CENSOR_LOAD_POINTS) {
		*why = "a table of load has 1 to 32 points";
		return -EINVAL;
	}
	for (i = 0; i < load->n; i++) {
		if (i && load->point[i].pps <= load->point[i - 1].pps) {
			*why = "the packets a second in a table of load rise";
			return -EINVAL;
		}
		if (load->point[i].chance > CENSOR_CERTAIN) {
			*why = "a probability is at most 100 %";
			return -EINVAL;
		}
	}
	tables = room_for(pol, loads, n_loads, room_loads, CENSOR_TABLES_MAX,
			  "a policy has at most 64 tables of load", why, &err);
	if (!tables)
		return err;
	pol->loads = tables;
	tables[pol->n_loads] = *load;
	return (int)pol->n_loads++;
}
