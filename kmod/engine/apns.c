// SPDX-License-Identifier: GPL-2.0
/* Apple's push service: TLS, and known by what its ClientHello asks for. */
#include "detectors.h"

static bool begins(const u8 *text, u32 len, const char *with, u32 with_len)
{
	return len >= with_len && !memcmp(text, with, with_len);
}

static bool push_name(const u8 *sni, u32 len)
{
	static const char suffix[] = "push.apple.com";
	u32 n = sizeof(suffix) - 1;

	return len >= n && !memcmp(sni + len - n, suffix, n) &&
	       (len == n || sni[len - n - 1] == '.');
}

/**
 * censor_is_apns() - whether a TLS connection is to Apple's push service, by which FaceTime and
 * iMessage also call
 * @alpn: the protocols offered, with commas between them
 * @alpn_len: bytes of them
 * @sni: the name, lower case
 * @sni_len: bytes of it
 *
 * Sure: one of the protocols is "apns-security-v…" or "apns-pack-v…" (open-source clients, nDPI).
 * Likely: the name is below push.apple.com (CENSORS.md 11.3), and no protocol is HTTP's: by that
 * web sites and other senders reach the same names.
 *
 * Return: enum censor_confidence, or 0.
 */
u8 censor_is_apns(const u8 *alpn, u32 alpn_len, const u8 *sni, u32 sni_len)
{
	bool http = false;
	u32 at = 0;

	while (at < alpn_len) {
		if (begins(alpn + at, alpn_len - at, "apns-security-v", 15) ||
		    begins(alpn + at, alpn_len - at, "apns-pack-v", 11))
			return CENSOR_CONFIDENCE_SURE;
		http |= begins(alpn + at, alpn_len - at, "h", 1);
		while (at < alpn_len && alpn[at] != ',')
			at++;
		at++;
	}
	return !http && push_name(sni, sni_len) ? CENSOR_CONFIDENCE_LIKELY : 0;
}
