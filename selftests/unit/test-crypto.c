// SPDX-License-Identifier: GPL-2.0
/* Ciphers and hashes: crypto.h. Known answers, and any lengths against another implementation. */
#include <nettle/gcm.h>
#include <nettle/md5.h>

#include "test.h"
#include "crypto.h"
#include "unhex.h"
#include "wire.h"

static void assert_hex(const u8 *bytes, u32 len, const char *text)
{
	u8 expected[64];

	assert_int_equal(unhex(expected, text), len);
	assert_memory_equal(bytes, expected, len);
}

/* FIPS 197, appendix B and C.1. */
static void test_aes(void **state)
{
	static const struct {
		const char *key, *in, *out;
	} rows[] = {
		{ "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
		  "69c4e0d86a7b0430d8cdb78070b4c55a" },
		{ "2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734",
		  "3925841d02dc09fbdc118597196a0b32" },
	};
	struct censor_aes aes;
	u8 key[16], in[16], out[16];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		unhex(key, rows[i].key);
		unhex(in, rows[i].in);
		memset(&aes, 0xa5, sizeof(aes));
		censor_aes_set(&aes, key);
		censor_aes_block(&aes, out, in);
		assert_hex(out, 16, rows[i].out);
		censor_aes_block(&aes, in, in);
		assert_memory_equal(in, out, 16);
	}
}

/* FIPS 180-2, appendix B. */
static void test_sha256(void **state)
{
	static const char *const rows[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	u8 digest[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		censor_sha256((const u8 *)rows[i][0], (u32)strlen(rows[i][0]), digest);
		assert_hex(digest, 32, rows[i][1]);
	}
}

/* RFC 4231, cases 1, 2, 3, 6 and 7: short keys and such as are longer than a block. */
static void test_hmac(void **state)
{
	static const char large[] = "This is a test using a larger than block-size key and a "
		"larger than block-size data. The key needs to be hashed before being used by the "
		"HMAC algorithm.";
	u8 key[131], data[50], digest[32];

	(void)state;
	memset(key, 0x0b, 20);
	censor_hmac_sha256(key, 20, (const u8 *)"Hi There", 8, digest);
	assert_hex(digest, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	censor_hmac_sha256((const u8 *)"Jefe", 4, (const u8 *)"what do ya want for nothing?", 28,
			   digest);
	assert_hex(digest, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	censor_hmac_sha256(key, 20, data, 50, digest);
	assert_hex(digest, 32, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	censor_hmac_sha256(key, 131, (const u8 *)
			   "Test Using Larger Than Block-Size Key - Hash Key First", 54, digest);
	assert_hex(digest, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	censor_hmac_sha256(key, 131, (const u8 *)large, sizeof(large) - 1, digest);
	assert_hex(digest, 32, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

/* The GCM specification (McGrew, Viega), test cases 2 and 4. */
static void test_ghash(void **state)
{
	u8 h[16], y[16] = { 0 }, data[64];
	u32 len;

	(void)state;
	unhex(h, "66e94bd4ef8a2c3b884cfa59ca342b2e");
	len = unhex(data, "0388dace60b6a392f328c2b971b2fe78");
	censor_ghash(h, y, data, len);
	assert_hex(y, 16, "5e2ec746917062882c85b0685353deb7");
	unhex(data, "00000000000000000000000000000080");
	censor_ghash(h, y, data, 16);
	assert_hex(y, 16, "f38cbb1ad69223dcc3457ae5b6b0f885");

	unhex(h, "b83b533708bf535d0aa6e52980d53b78");
	memset(y, 0, sizeof(y));
	len = unhex(data, "feedfacedeadbeeffeedfacedeadbeefabaddad2");
	censor_ghash(h, y, data, len);
	len = unhex(data, "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
			  "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091");
	censor_ghash(h, y, data, len);
	unhex(data, "00000000000000a000000000000001e0");
	censor_ghash(h, y, data, 16);
	assert_hex(y, 16, "698e57f70e6ecc7fd9463b7260a9ae5f");
}

/* A cipher that makes nettle's GCM a bare GHASH: nothing is encrypted, the key is the hash's. */
static void no_cipher(const void *h, size_t len, uint8_t *out, const uint8_t *in)
{
	u8 zero[16] = { 0 };

	memset(out, 0, len);
	if (len == 16 && !memcmp(in, zero, 16))
		memcpy(out, h, 16);
}

static void test_ghash_any(void **state)
{
	u8 h[16], y[16], expected[16], lengths[16], data[300];
	const u8 iv[GCM_IV_SIZE] = { 1 };
	u64 random = 1;
	struct gcm_key key;
	struct gcm_ctx ctx;
	u32 round, len, i;

	(void)state;
	for (round = 0; round < 2000; round++) {
		for (i = 0; i < 16; i++)
			h[i] = (u8)wire_random(&random);
		len = wire_random(&random) % sizeof(data);
		for (i = 0; i < len; i++)
			data[i] = (u8)wire_random(&random);
		gcm_set_key(&key, h, no_cipher);
		gcm_set_iv(&ctx, &key, sizeof(iv), iv);
		gcm_update(&ctx, &key, len, data);
		gcm_digest(&ctx, &key, h, no_cipher, 16, expected);
		memset(y, 0, 16);
		memset(lengths, 0, 16);
		censor_put32(lengths + 4, len * 8);
		censor_ghash(h, y, data, len);
		censor_ghash(h, y, lengths, 16);
		assert_memory_equal(y, expected, 16);
	}
}

/* RFC 1321, A.5. */
static void test_md5(void **state)
{
	static const char *const rows[][2] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "a", "0cc175b9c0f1b6a831c399e269772661" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
		{ "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		  "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ "1234567890123456789012345678901234567890"
		  "1234567890123456789012345678901234567890",
		  "57edf4a22be3c955ac49da2e2107b67a" },
	};
	u8 digest[16];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		censor_md5((const u8 *)rows[i][0], (u32)strlen(rows[i][0]), digest);
		assert_hex(digest, 16, rows[i][1]);
	}
}

static void test_md5_any(void **state)
{
	u8 digest[16], expected[16], *data;
	u64 random = 2;
	u32 len, i;

	(void)state;
	for (len = 0; len < 400; len++) {
		struct md5_ctx ctx;

		data = malloc(len ? len : 1);
		for (i = 0; i < len; i++)
			data[i] = (u8)wire_random(&random);
		md5_init(&ctx);
		md5_update(&ctx, len, data);
		md5_digest(&ctx, 16, expected);
		censor_md5(data, len, digest);
		assert_memory_equal(digest, expected, 16);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aes),
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_ghash),
		cmocka_unit_test(test_ghash_any),
		cmocka_unit_test(test_md5),
		cmocka_unit_test(test_md5_any),
	};

	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
