/* A stand-in for the platform's native library: the same C interface over a folder, no network.

   The folder is named by FAKE_SDK_DATA. after-<seq>.json is a page of records, media-<fileid> a
   file, given in pieces of four bytes. It "decrypts" by giving the message back. It dies when it
   is asked for records after 99, and of the message "poison". Every buffer that it gives out is
   counted, and a call that finds more than one alive answers 10003. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { char *buf; int len; } Slice_t;
typedef struct { char *outindexbuf; int out_len; char *data; int data_len; int is_finish; } MediaData_t;
typedef struct { int ready; } WeWorkFinanceSdk_t;

enum { PIECE = 4, MOST = 65536 };
static int alive = 0;

WeWorkFinanceSdk_t *NewSdk(void) { return calloc(1, sizeof(WeWorkFinanceSdk_t)); }
void DestroySdk(WeWorkFinanceSdk_t *sdk) { free(sdk); }

Slice_t *NewSlice(void) { alive++; return calloc(1, sizeof(Slice_t)); }
void FreeSlice(Slice_t *s) { alive--; free(s->buf); free(s); }
char *GetContentFromSlice(Slice_t *s) { return s->buf; }
int GetSliceLen(Slice_t *s) { return s->len; }

MediaData_t *NewMediaData(void) { alive++; return calloc(1, sizeof(MediaData_t)); }
void FreeMediaData(MediaData_t *m) { alive--; free(m->outindexbuf); free(m->data); free(m); }
char *GetOutIndexBuf(MediaData_t *m) { return m->outindexbuf; }
char *GetData(MediaData_t *m) { return m->data; }
int GetIndexLen(MediaData_t *m) { return m->out_len; }
int GetDataLen(MediaData_t *m) { return m->data_len; }
int IsMediaDataFinish(MediaData_t *m) { return m->is_finish; }

static FILE *from_folder(const char *format, const char *name) {
    char path[MOST], file[MOST / 2];
    snprintf(file, sizeof file, format, name);
    snprintf(path, sizeof path, "%s/%s", getenv("FAKE_SDK_DATA"), file);
    return fopen(path, "rb");
}

static int put(Slice_t *s, const char *text) {
    s->buf = strdup(text);
    s->len = (int)strlen(text);
    return 0;
}

int Init(WeWorkFinanceSdk_t *sdk, const char *corp, const char *secret) {
    if (strcmp(corp, "ww1") || strcmp(secret, "s")) return 10000;
    sdk->ready = 1;
    return 0;
}

int GetChatData(WeWorkFinanceSdk_t *sdk, unsigned long long seq, unsigned int limit,
                const char *proxy, const char *passwd, int timeout, Slice_t *out) {
    if (alive != 1) return 10003;
    if (!sdk->ready || limit > 1000 || !proxy || !passwd || timeout < 1) return 10000;
    if (seq >= 99) abort();
    if (seq == 50) return 10001;
    char number[32], text[MOST];
    snprintf(number, sizeof number, "%llu", seq);
    FILE *file = from_folder("after-%s.json", number);
    if (!file) return put(out, "{\"errcode\":0,\"errmsg\":\"ok\",\"chatdata\":[]}");
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = 0;
    return put(out, text);
}

int DecryptData(const char *key, const char *message, Slice_t *out) {
    if (strcmp(key, "random-key")) return 10006;
    if (!strcmp(message, "\"poison\"")) abort();
    return put(out, message);
}

int GetMediaData(WeWorkFinanceSdk_t *sdk, const char *index, const char *fileid,
                 const char *proxy, const char *passwd, int timeout, MediaData_t *out) {
    if (alive != 1) return 10003;
    if (!sdk->ready || !proxy || !passwd || timeout < 1) return 10000;
    if (!strcmp(fileid, "busy")) return 10001;
    FILE *file = from_folder("media-%s", fileid);
    if (!file) return 10005;
    long start = *index ? strtol(index, NULL, 10) : 0;
    fseek(file, start, SEEK_SET);
    out->data = malloc(PIECE);
    out->data_len = (int)fread(out->data, 1, PIECE, file);
    int next = fgetc(file);
    fclose(file);
    out->is_finish = next == EOF;
    out->outindexbuf = malloc(32);
    out->out_len = snprintf(out->outindexbuf, 32, "%ld", start + out->data_len);
    return 0;
}
