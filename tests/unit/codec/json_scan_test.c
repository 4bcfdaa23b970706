/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/codec/json_scan.h"

#include "base/buffer.h"
#include "tests/support/suite.h"

#include <stdlib.h>
#include <string.h>

/* Scans text in pieces of step bytes: "line:object " for each object, then "." or the message of the failure. */
static void scan_all(const char *text, size_t step, struct buffer *out)
{
    struct json_scan scan = {0};
    struct error err;
    size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        size_t used;
        size_t piece = length - at < step ? length - at : step;
        enum json_scan_result result = json_scan(&scan, text + at, piece, &used, &err);
        if (result == JSON_SCAN_BAD) {
            buffer_append_text(out, err.message);
            return;
        }
        if (result == JSON_SCAN_OBJECT)
            buffer_append_format(out, "%lld:%.*s ", (long long)scan.line, (int)scan.length, text + scan.start);
        CU_ASSERT_TRUE_FATAL(used > 0 && used <= piece);
        at += used;
    }
    buffer_append_text(out, json_scan_end(&scan, &err) ? "." : err.message);
}

static void objects_are_found_in_every_form(void)
{
    static const struct {
        const char *text, *found;
    } table[] = {
        {"{}", "1:{} ."},
        {"\xEF\xBB\xBF [ ]\n", "."},
        {"[{\"a\":1},\n {\"b\":[{}]} ]", "1:{\"a\":1} 2:{\"b\":[{}]} ."},
        {"{\"a\":1}\n{\"a\":2}\n\n{\"a\":3}\n", "1:{\"a\":1} 2:{\"a\":2} 4:{\"a\":3} ."},
        {"{\"a\":\"}\\\"}\\\\\"}{}", "1:{\"a\":\"}\\\"}\\\\\"} 1:{} ."},
        {"{\n}\n{}", "1:{\n} 3:{} ."},
        {"", "the file ends where an object or a list of objects is expected"},
        {" \n", "the file ends where an object or a list of objects is expected"},
        {"[", "the file ends where an object or ] is expected"},
        {"[{}", "1:{} the file ends where , or ] is expected"},
        {"[{},", "1:{} the file ends where an object is expected"},
        {"\n{\"a\":{", "the file ends inside the object that begins in line 2"},
        {"[{}{}]", "1:{} line 1: , or ] expected here"},
        {"[{},\n]", "1:{} line 2: an object expected here"},
        {"[1]", "line 1: an object or ] expected here"},
        {"[{}]\n\n{}", "1:{} line 3: nothing more expected here"},
        {"rma,line\n", "line 1: an object or a list of objects expected here"},
        {"{},{}", "1:{} line 1: nothing more expected here"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (size_t step = 1; step < 5; step++) {
            struct buffer out = BUFFER_EMPTY;
            scan_all(table[i].text, step, &out);
            if (strcmp(buffer_text(&out), table[i].found) != 0)
                printf("\n    %s", buffer_text(&out));
            CU_ASSERT_STRING_EQUAL(buffer_text(&out), table[i].found);
            buffer_done(&out);
        }
    }
}

SUITE("codec/json_scan", {"objects are found in every form", objects_are_found_in_every_form})
