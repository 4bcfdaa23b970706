/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings of a scanner as text: what it sent, byte by byte, and what must come of it.

       # a comment
       kind: keyboard | pos | descriptor-only     a new scanner begins
       vendor: 0c2e                               its USB vendor id, for descriptors that name no usages
       layout: fr                                 its keyboard layout
       descriptor: 05 01 09 06 …                  its report descriptor; none = boot keyboard
       report: 00 00 1F 00 00 00 00 00            one input report
       wait: 150                                  milliseconds of silence
       expect: 010952123454321310ABC\x1D21123     a scan; bytes as \xNN, a backslash as \\
       expect_aim: ]C1                            its AIM identifier
       expect_bits: in=64 out=8 feature=0         sizes the descriptor must give */
#ifndef PROTOCOL_HID_CAPTURE_H
#define PROTOCOL_HID_CAPTURE_H

#include "base/buffer.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define CAPTURE_BYTES_MAX 4200 /* of a report, a descriptor or an expected scan */
#define CAPTURE_LINE_MAX (4 * CAPTURE_BYTES_MAX + 32)
#define CAPTURE_WAIT_MAX 60000

enum capture_key {
    CAPTURE_NOTHING, /* blank or comment */
    CAPTURE_KIND,
    CAPTURE_VENDOR, /* two bytes, the high one first */
    CAPTURE_LAYOUT,
    CAPTURE_DESCRIPTOR,
    CAPTURE_REPORT,
    CAPTURE_WAIT,
    CAPTURE_EXPECT,
    CAPTURE_EXPECT_AIM,
    CAPTURE_EXPECT_BITS,
    CAPTURE_KEY_COUNT,
};

struct capture_line {
    enum capture_key key;
    unsigned number;   /* of the line, from 1 */
    int64_t wait_ms;   /* CAPTURE_WAIT: 0 to CAPTURE_WAIT_MAX */
    size_t length;
    uint8_t bytes[CAPTURE_BYTES_MAX + 1]; /* the value: bytes, or text; always a NUL behind */
};

/* Lines out of a stream that comes in pieces. All zero to begin with; free pending with capture_done. */
struct capture_reader {
    struct buffer pending;
    unsigned number;
    bool discarding; /* the rest of a line that was too long */
};

enum capture_result {
    CAPTURE_LINE,
    CAPTURE_MORE,   /* feed more bytes */
    CAPTURE_BROKEN, /* err says which line and why */
};

/* One line without its end. False with ERROR_INVALID or ERROR_TOO_BIG; number is left alone. */
bool capture_parse(struct capture_line *ret_line, const char *text, size_t length, struct error *err) MUST_CHECK;
void capture_feed(struct capture_reader *reader, const void *bytes, size_t length);
/* The next whole line. After CAPTURE_BROKEN reading goes on with the line behind. */
enum capture_result capture_next(struct capture_reader *reader, struct capture_line *ret_line,
                                 struct error *err) MUST_CHECK;
/* A line of bytes: "report: 00 1F …". */
void capture_append_bytes(struct buffer *target, enum capture_key key, const uint8_t *bytes, size_t length);
/* What a scan must give: "expect" with its line end, and "expect_aim" if aim is not "". */
void capture_append_scan(struct buffer *target, const uint8_t *bytes, size_t length, const char *aim);
void capture_done(struct capture_reader *reader);

#endif
