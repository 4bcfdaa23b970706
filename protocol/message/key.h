/* SPDX-License-Identifier: Apache-2.0 */
/* Key files of the feed (docs/protocol.md): who a consumer is, what it may do, and the station's own pair. */
#ifndef PROTOCOL_MESSAGE_KEY_H
#define PROTOCOL_MESSAGE_KEY_H

#include "base/buffer.h"
#include "base/error.h"
#include "protocol/message/frame.h"

#define KEY_BYTES 32
#define KEY_TEXT_SIZE 41 /* Z85 (rfc.zeromq.org/spec/32) with its NUL */
#define KEY_FILE_MAX 4096
#define KEY_OWNERS_SIZE 256
#define KEY_ENDING ".key"
#define KEY_ENDING_REVOKED ".revoked"
#define KEY_STATION_FILE "station.secret"

enum key_right {
    KEY_READ,   /* events */
    KEY_PUT,    /* what the ERP knows: RMAs, products, people, places */
    KEY_DECIDE, /* decisions, conflicts, releases, labels */
    KEY_LOOKUP, /* is asked for RMAs, and answers */
    KEY_RIGHT_COUNT,
};
#define KEY_RIGHTS_ALL ((1U << KEY_RIGHT_COUNT) - 1)

/* One key file. A consumer's has no secret; the station's has no rights. */
struct key_file {
    char public_key[KEY_TEXT_SIZE], secret_key[KEY_TEXT_SIZE]; /* "" = none */
    unsigned rights;                                           /* bits 1 << enum key_right */
    char owners[KEY_OWNERS_SIZE];                              /* between spaces; "" = all */
};

/* "name = value" lines; empty ones and those that begin with # are passed over. The message begins with "<line>: ". */
bool key_file_parse(const char *text, size_t length, struct key_file *ret_file, struct error *err) MUST_CHECK;
void key_file_write(const struct key_file *file, struct buffer *out);
/* "read put", in any order, between spaces. */
bool key_rights_parse(const char *text, unsigned *ret_rights);
void key_rights_write(unsigned rights, struct buffer *out);
/* True if goods of this owner concern the holder; owner "" concerns all. */
bool key_owner_allowed(const char *owners, const char *owner);

void key_encode(const unsigned char bytes[KEY_BYTES], char ret_text[KEY_TEXT_SIZE]);
/* False if text is not the Z85 of 32 bytes. */
bool key_decode(const char *text, unsigned char ret_bytes[KEY_BYTES]);

#endif
