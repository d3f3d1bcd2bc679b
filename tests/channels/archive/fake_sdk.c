/* A stand-in for the platform's native library: the same C interface, no network.
   It "decrypts" by giving the message back and aborts when asked for records after 99. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { char *buf; int len; } Slice_t;
typedef struct { int ready; } Sdk_t;

Sdk_t *NewSdk(void) { return calloc(1, sizeof(Sdk_t)); }
Slice_t *NewSlice(void) { return calloc(1, sizeof(Slice_t)); }
void FreeSlice(Slice_t *s) { free(s->buf); free(s); }
char *GetContentFromSlice(Slice_t *s) { return s->buf; }
int GetSliceLen(Slice_t *s) { return s->len; }

static int put(Slice_t *s, const char *text) {
    s->buf = strdup(text);
    s->len = (int)strlen(text);
    return 0;
}

int Init(Sdk_t *sdk, const char *corp, const char *secret) {
    if (strcmp(corp, "ww1") || strcmp(secret, "s")) return 10000;
    sdk->ready = 1;
    return 0;
}

int GetChatData(Sdk_t *sdk, unsigned long long seq, unsigned int limit, const char *proxy,
                const char *passwd, int timeout, Slice_t *out) {
    if (!sdk->ready || limit > 1000 || !proxy || !passwd || timeout < 1) return 10000;
    if (seq >= 99) abort();
    if (seq == 50) return 10001;
    char path[512], text[65536];
    snprintf(path, sizeof path, "%s/after-%llu.json", getenv("FAKE_SDK_DATA"), seq);
    FILE *file = fopen(path, "rb");
    if (!file) return put(out, "{\"errcode\":0,\"errmsg\":\"ok\",\"chatdata\":[]}");
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = 0;
    return put(out, text);
}

int DecryptData(const char *key, const char *message, Slice_t *out) {
    if (strcmp(key, "random-key")) return 10006;
    return put(out, message);
}
