// SPDX-License-Identifier: GPL-2.0
/*
 * HTTP requests, for libFuzzer. An input is the model's knobs (struct knobs) and the beginning of a
 * stream, of which ever more is shown.
 */
#include "test.h"
#include "http.h"
#include "unseen.h"
#include "holds.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct knobs {
	u8 header_name;
	u8 reach;
};

UNSEEN static bool is_text(const u8 *text, u32 len)
{
	while (len--)
		if (text[len] >= 'A' && text[len] <= 'Z')
			return false;
	return true;
}

UNSEEN static void check_request(const struct censor_http_request *r, u32 len)
{
	check(r->target_len <= CENSOR_TARGET_SIZE && r->text_len <= r->target_len);
	check(!r->target_len == !r->text_len && r->host_len < sizeof(r->host));
	check(is_text(r->target, r->target_len) && is_text(r->text, r->text_len) &&
	      is_text(r->host, r->host_len));
	check(r->used <= len);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct censor_http_request r, before;
	enum censor_found found, was = CENSOR_FOUND_MORE;
	struct censor_detect_model model;
	struct censor_look look = { .model = &model };
	struct knobs knobs;
	u32 len, cut;

	if (size < sizeof(knobs) || size > 8192)
		return 0;
	memcpy(&knobs, data, sizeof(knobs));
	censor_detect_default(&model);
	model.http_header_name = knobs.header_name;
	model.http_reach = knobs.reach;
	len = (u32)(size - sizeof(knobs));
	memset(&before, 0, sizeof(before));
	for (cut = 0; cut <= len; cut += 1 + cut / 16) {
		u8 *copy = malloc(cut + 1);

		memcpy(copy, data + sizeof(knobs), cut);
		look.data = copy;
		look.len = cut;
		found = censor_http_request(&look, &r);
		free(copy);
		check(was == CENSOR_FOUND_MORE || found == was);
		check_request(&r, cut);
		/* What was told stays true. */
		check(!before.target_len || (r.target_len == before.target_len &&
					     !memcmp(r.target, before.target, r.target_len)));
		check(!before.host_len || (r.host_len == before.host_len &&
					   !memcmp(r.host, before.host, r.host_len)));
		was = found;
		before = r;
	}
	return 0;
}
