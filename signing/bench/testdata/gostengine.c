/* The reference: how many operations OpenSSL's gost engine does in a second of CPU time.
 *
 *     gostengine verify|streebog SECONDS
 *
 * verify: GOST R 34.10-2012, 512 bits, parameter set A. streebog: Streebog-512 of 1 MiB. */
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB (1 << 20)

static void must(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "gostengine: %s\n", what);
		exit(1);
	}
}

static double since(clock_t begin) { return (double)(clock() - begin) / CLOCKS_PER_SEC; }

static double verifications(ENGINE *engine, double seconds)
{
	EVP_PKEY *key = NULL;
	unsigned char digest[64], signature[128];
	size_t length = sizeof signature;
	EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_id(OBJ_sn2nid("gost2012_512"), engine);
	must(make && EVP_PKEY_keygen_init(make) > 0 && EVP_PKEY_CTX_ctrl_str(make, "paramset", "A") > 0 && EVP_PKEY_keygen(make, &key) > 0, "key");
	memset(digest, 0x5a, sizeof digest);
	EVP_PKEY_CTX *sign = EVP_PKEY_CTX_new(key, engine);
	must(sign && EVP_PKEY_sign_init(sign) > 0 && EVP_PKEY_sign(sign, signature, &length, digest, sizeof digest) > 0, "signature");
	EVP_PKEY_CTX *verify = EVP_PKEY_CTX_new(key, engine);
	must(verify && EVP_PKEY_verify_init(verify) > 0, "verification");
	long n = 0;
	clock_t begin = clock();
	do {
		for (int i = 0; i < 20; i++, n++)
			must(EVP_PKEY_verify(verify, signature, length, digest, sizeof digest) == 1, "wrong signature");
	} while (since(begin) < seconds);
	return n / since(begin);
}

static double hashes(ENGINE *engine, double seconds)
{
	unsigned char *data = calloc(1, MIB), digest[64];
	const EVP_MD *streebog = ENGINE_get_digest(engine, OBJ_sn2nid("md_gost12_512"));
	must(data && streebog, "digest");
	long n = 0;
	clock_t begin = clock();
	do {
		EVP_MD_CTX *context = EVP_MD_CTX_new();
		must(EVP_DigestInit_ex(context, streebog, engine) && EVP_DigestUpdate(context, data, MIB) && EVP_DigestFinal_ex(context, digest, NULL), "hash");
		EVP_MD_CTX_free(context);
		n++;
	} while (since(begin) < seconds);
	return n / since(begin);
}

int main(int argc, char **argv)
{
	must(argc == 3, "gostengine verify|streebog SECONDS");
	ENGINE_load_builtin_engines();
	ENGINE *engine = ENGINE_by_id("gost");
	must(engine && ENGINE_init(engine), "the gost engine is not installed");
	ENGINE_set_default(engine, ENGINE_METHOD_ALL);
	double seconds = atof(argv[2]);
	printf("%f\n", strcmp(argv[1], "verify") == 0 ? verifications(engine, seconds) : hashes(engine, seconds));
	return 0;
}
