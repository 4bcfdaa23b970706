/* SPDX-License-Identifier: Apache-2.0 */
/* CSV records (RFC 4180) taken from bytes one at a time: bounded, strict, without input or output of its own. */
#ifndef DAEMON_CODEC_CSV_H
#define DAEMON_CODEC_CSV_H

#include "base/error.h"

#include <stddef.h>

#define CSV_RECORD_MAX 65536 /* bytes of one record */
#define CSV_FIELDS_MAX 100

enum csv_result {
    CSV_RECORD, /* a record is in fields; a blank line has none */
    CSV_MORE,   /* the bytes end inside a record: call again with more of them behind the same ones */
    CSV_END,    /* no bytes are left */
    CSV_BAD,    /* err tells why; size and lines lead to the next physical line. lines == 0 where more bytes follow:
                   that line is longer than a record may be, and nothing behind it can be read */
};

/* Large: one is enough for a reader. */
struct csv_record {
    size_t size; /* bytes that were read; the next record begins behind them */
    int lines;   /* line feeds among them */
    int count;
    const char *fields[CSV_FIELDS_MAX]; /* unquoted, each with a NUL */
    char text[CSV_RECORD_MAX + CSV_FIELDS_MAX];
};

/* Bytes of a byte order mark at the start: 3 or 0. */
size_t csv_mark(const char *bytes, size_t length);
/* ',' or ';', whichever the first line has first outside quotes; ',' if it has none. */
char csv_delimiter(const char *bytes, size_t length);
/* Reads the record at bytes. last: no bytes follow these. Lines end with LF or CR LF. */
enum csv_result csv_read(const char *bytes, size_t length, bool last, char delimiter, struct csv_record *record,
                         struct error *err);
/* True if no field has a character: what spreadsheets leave of deleted rows. */
bool csv_is_blank(const struct csv_record *record);
/* What the field number column of a bad record probably is ("" if there is none): for telling whose row was bad. */
void csv_guess(const char *bytes, size_t length, char delimiter, int column, char *target, size_t size);

#endif
