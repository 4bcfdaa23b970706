/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner for object boundaries: a table for what stands between objects, a count of braces inside them. */
#include "daemon/codec/json_scan.h"

#include <stdbool.h>

enum state {
    STATE_BAD,
    STATE_START,     /* nothing yet but white space and a byte order mark */
    STATE_STREAM,    /* behind an object that no list holds */
    STATE_FIRST,     /* behind '[' */
    STATE_BEHIND,    /* behind an object of a list */
    STATE_NEXT,      /* behind ',' */
    STATE_DONE,      /* behind ']' */
    STATE_IN_STREAM, /* inside an object … */
    STATE_IN_LIST,   /* … of a list */
    STATE_COUNT,
};

enum letter {
    LETTER_OTHER, LETTER_SPACE, LETTER_MARK, LETTER_OPEN, LETTER_OPEN_LIST, LETTER_CLOSE_LIST, LETTER_COMMA,
    LETTER_COUNT,
};

/* Where each letter between objects leads; what is not here is STATE_BAD. */
static const unsigned char steps[STATE_COUNT][LETTER_COUNT] = {
    [STATE_START] = {[LETTER_SPACE] = STATE_START, [LETTER_MARK] = STATE_START, [LETTER_OPEN] = STATE_IN_STREAM,
                     [LETTER_OPEN_LIST] = STATE_FIRST},
    [STATE_STREAM] = {[LETTER_SPACE] = STATE_STREAM, [LETTER_OPEN] = STATE_IN_STREAM},
    [STATE_FIRST] = {[LETTER_SPACE] = STATE_FIRST, [LETTER_OPEN] = STATE_IN_LIST, [LETTER_CLOSE_LIST] = STATE_DONE},
    [STATE_BEHIND] = {[LETTER_SPACE] = STATE_BEHIND, [LETTER_COMMA] = STATE_NEXT, [LETTER_CLOSE_LIST] = STATE_DONE},
    [STATE_NEXT] = {[LETTER_SPACE] = STATE_NEXT, [LETTER_OPEN] = STATE_IN_LIST},
    [STATE_DONE] = {[LETTER_SPACE] = STATE_DONE},
};

/* What may come next, for the message; NULL = the file may end here. */
static const char *const expected[STATE_COUNT] = {
    [STATE_START] = "an object or a list of objects", [STATE_FIRST] = "an object or ]", [STATE_BEHIND] = ", or ]",
    [STATE_NEXT] = "an object",                       [STATE_IN_STREAM] = "}",          [STATE_IN_LIST] = "}",
};

static enum letter letter_of(char c)
{
    static const unsigned char letters[256] = {
        [' '] = LETTER_SPACE, ['\t'] = LETTER_SPACE,    ['\n'] = LETTER_SPACE,      ['\r'] = LETTER_SPACE,
        [0xEF] = LETTER_MARK, [0xBB] = LETTER_MARK,     [0xBF] = LETTER_MARK,       ['{'] = LETTER_OPEN,
        ['['] = LETTER_OPEN_LIST, [']'] = LETTER_CLOSE_LIST, [','] = LETTER_COMMA,
    };
    return (enum letter)letters[(unsigned char)c];
}

/* One byte inside an object. */
static void count_brace(struct json_scan *scan, char c)
{
    if (scan->escaped)
        scan->escaped = false;
    else if (c == '"')
        scan->in_text = !scan->in_text;
    else if (scan->in_text)
        scan->escaped = c == '\\';
    else if (c == '{')
        scan->depth++;
    else if (c == '}')
        scan->depth--;
}

static bool step_between(struct json_scan *scan, char c, struct error *err)
{
    int next = steps[scan->state][letter_of(c)];
    if (next == STATE_BAD)
        return error_set(err, ERROR_INVALID, "line %lld: %s expected here", (long long)scan->feeds + 1,
                         expected[scan->state] != NULL ? expected[scan->state] : "nothing more");
    if (next == STATE_IN_STREAM || next == STATE_IN_LIST) {
        scan->start = scan->offset;
        scan->line = scan->feeds + 1;
        scan->depth = 1;
    }
    scan->state = next;
    return true;
}

static bool is_inside(const struct json_scan *scan)
{
    return scan->state == STATE_IN_STREAM || scan->state == STATE_IN_LIST;
}

enum json_scan_result json_scan(struct json_scan *scan, const char *bytes, size_t length, size_t *ret_used,
                                struct error *err)
{
    if (scan->state == STATE_BAD)
        scan->state = STATE_START;
    for (size_t i = 0; i < length; i++) {
        bool inside = is_inside(scan);
        if (inside)
            count_brace(scan, bytes[i]);
        else if (!step_between(scan, bytes[i], err))
            return JSON_SCAN_BAD;
        scan->offset++;
        scan->feeds += bytes[i] == '\n';
        if (inside && scan->depth == 0) {
            scan->length = scan->offset - scan->start;
            scan->state = scan->state == STATE_IN_LIST ? STATE_BEHIND : STATE_STREAM;
            *ret_used = i + 1;
            return JSON_SCAN_OBJECT;
        }
    }
    *ret_used = length;
    return JSON_SCAN_MORE;
}

bool json_scan_end(const struct json_scan *scan, struct error *err)
{
    int state = scan->state == STATE_BAD ? STATE_START : scan->state;
    if (expected[state] == NULL)
        return true;
    if (is_inside(scan))
        return error_set(err, ERROR_INVALID, "the file ends inside the object that begins in line %lld",
                         (long long)scan->line);
    return error_set(err, ERROR_INVALID, "the file ends where %s is expected", expected[state]);
}
