/* The other side: signs and verifies with OpenSSL's gost engine what the test hands over, many keys in one process.
 *
 * A line of input is: digest public private message ours damaged
 * digest is the engine's name of the hash, or "-" when message is a digest already; the others are hexadecimal DER or
 * bytes behind an x. The answer is a line: whether ours verifies, whether damaged does, and a signature of its own.
 *
 * What is used of OpenSSL 3 is declared here, so that the test needs its library and not its headers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct engine ENGINE;
typedef struct key EVP_PKEY;
typedef struct key_context EVP_PKEY_CTX;
typedef struct digest EVP_MD;
typedef struct digest_context EVP_MD_CTX;

int OPENSSL_init_crypto(uint64_t options, const void *settings);
ENGINE *ENGINE_by_id(const char *id);
int ENGINE_init(ENGINE *e);
int ENGINE_set_default(ENGINE *e, unsigned int flags);
const EVP_MD *ENGINE_get_digest(ENGINE *e, int nid);
int OBJ_sn2nid(const char *name);
EVP_PKEY *d2i_PUBKEY(EVP_PKEY **key, const unsigned char **der, long length);
EVP_PKEY *d2i_AutoPrivateKey(EVP_PKEY **key, const unsigned char **der, long length);
void EVP_PKEY_free(EVP_PKEY *key);
EVP_PKEY_CTX *EVP_PKEY_CTX_new(EVP_PKEY *key, ENGINE *e);
void EVP_PKEY_CTX_free(EVP_PKEY_CTX *c);
int EVP_PKEY_sign_init(EVP_PKEY_CTX *c);
int EVP_PKEY_sign(EVP_PKEY_CTX *c, unsigned char *signature, size_t *length, const unsigned char *digest, size_t n);
int EVP_PKEY_verify_init(EVP_PKEY_CTX *c);
int EVP_PKEY_verify(EVP_PKEY_CTX *c, const unsigned char *signature, size_t length, const unsigned char *digest, size_t n);
EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *c);
int EVP_DigestSignInit(EVP_MD_CTX *c, EVP_PKEY_CTX **key, const EVP_MD *type, ENGINE *e, EVP_PKEY *with);
int EVP_DigestSign(EVP_MD_CTX *c, unsigned char *signature, size_t *length, const unsigned char *message, size_t n);
int EVP_DigestVerifyInit(EVP_MD_CTX *c, EVP_PKEY_CTX **key, const EVP_MD *type, ENGINE *e, EVP_PKEY *with);
int EVP_DigestVerify(EVP_MD_CTX *c, const unsigned char *signature, size_t length, const unsigned char *message, size_t n);

enum { engine_dynamic = 0x400, every_method = 0xffff, longest = 1 << 16 };

static void must(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "gostpeer: %s\n", what);
		exit(1);
	}
}

struct bytes {
	unsigned char at[longest];
	size_t n;
};

/* next reads the next field of a line. */
static const char *next(void)
{
	const char *field = strtok(NULL, " \n");
	must(field != NULL, "a field is missing");
	return field;
}

static unsigned char digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
	must(at != NULL, "a field is not hexadecimal");
	return (unsigned char)(at - digits);
}

static void decode(struct bytes *b)
{
	const char *text = next();
	must(*text++ == 'x' && strlen(text) / 2 <= longest, "a field is too long");
	for (b->n = 0; *text; text += 2)
		b->at[b->n++] = (unsigned char)(digit(text[0]) << 4 | digit(text[1]));
}

static int verifies(EVP_PKEY *key, const EVP_MD *digest, const struct bytes *message, const struct bytes *signature)
{
	int ok;
	if (digest) {
		EVP_MD_CTX *c = EVP_MD_CTX_new();
		must(c && EVP_DigestVerifyInit(c, NULL, digest, NULL, key) > 0, "begin to verify");
		ok = EVP_DigestVerify(c, signature->at, signature->n, message->at, message->n) == 1;
		EVP_MD_CTX_free(c);
	} else {
		EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
		must(c && EVP_PKEY_verify_init(c) > 0, "begin to verify");
		ok = EVP_PKEY_verify(c, signature->at, signature->n, message->at, message->n) == 1;
		EVP_PKEY_CTX_free(c);
	}
	return ok;
}

static void sign(EVP_PKEY *key, const EVP_MD *digest, const struct bytes *message, struct bytes *signature)
{
	signature->n = sizeof signature->at;
	if (digest) {
		EVP_MD_CTX *c = EVP_MD_CTX_new();
		must(c && EVP_DigestSignInit(c, NULL, digest, NULL, key) > 0 &&
		     EVP_DigestSign(c, signature->at, &signature->n, message->at, message->n) > 0, "sign");
		EVP_MD_CTX_free(c);
	} else {
		EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
		must(c && EVP_PKEY_sign_init(c) > 0 && EVP_PKEY_sign(c, signature->at, &signature->n, message->at, message->n) > 0, "sign");
		EVP_PKEY_CTX_free(c);
	}
}

int main(void)
{
	static char line[8 * longest];
	static struct bytes spki, pkcs8, message, ours, damaged, theirs;
	must(OPENSSL_init_crypto(engine_dynamic, NULL), "initialise");
	ENGINE *engine = ENGINE_by_id("gost");
	must(engine && ENGINE_init(engine) && ENGINE_set_default(engine, every_method), "the gost engine is not installed");
	while (fgets(line, sizeof line, stdin)) {
		const char *name = strtok(line, " \n");
		must(name != NULL, "an empty line");
		const EVP_MD *digest = strcmp(name, "-") == 0 ? NULL : ENGINE_get_digest(engine, OBJ_sn2nid(name));
		must(digest || *name == '-', "digest");
		decode(&spki);
		decode(&pkcs8);
		decode(&message);
		decode(&ours);
		decode(&damaged);
		const unsigned char *at = spki.at;
		EVP_PKEY *public = d2i_PUBKEY(NULL, &at, (long)spki.n);
		at = pkcs8.at;
		EVP_PKEY *private = d2i_AutoPrivateKey(NULL, &at, (long)pkcs8.n);
		must(public && private, "key");
		sign(private, digest, &message, &theirs);
		printf("%d %d x", verifies(public, digest, &message, &ours), verifies(public, digest, &message, &damaged));
		for (size_t i = 0; i < theirs.n; i++)
			printf("%02x", theirs.at[i]);
		printf("\n");
		fflush(stdout);
		EVP_PKEY_free(public);
		EVP_PKEY_free(private);
	}
	return 0;
}
