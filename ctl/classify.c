/* SPDX-License-Identifier: Apache-2.0 */
/* classify: what a code may mean, by the rules of the daemon and the patterns it comes with. */
#include "protocol/barcode/classify.h"

#include "base/memory.h"
#include "base/text.h"
#include "ctl/bytes.h"
#include "ctl/codes.h"
#include "ctl/show.h"

#include <string.h>

#define LINE_MAX_BYTES ((size_t)65536) /* the longest code, every byte escaped, and room around it */
#define TEXT_COLUMNS 200

struct question {
    const char *text;
    size_t length;
    const char *aim;
};

static json_t *answer(const struct question *question)
{
    static struct classify_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    if (rules.rma_patterns[0][0] == '\0')
        classify_default_rules(&rules);
    size_t count = classify(&rules, question->text, question->length, question->aim, candidates);
    json_t *list = json_array();
    const char *refused = NULL;
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, codes_candidate(&candidates[i], question->text, question->length));
        if (candidates[i].class == CANDIDATE_REFUSED && refused == NULL)
            refused = candidates[i].detail;
    }
    return json_pack("{s:o, s:o, s:o, s:s?, s:o}", "code", bytes_to_json(question->text, question->length), "aim",
                     bytes_to_json(question->aim, strlen(question->aim)), "candidates", list, "refused", refused,
                     "checks", codes_checks(question->text, question->length, question->aim));
}

/* ---- one code ---- */

static void print_elements(const json_t *candidate)
{
    const json_t *elements = json_object_get(candidate, "gs1"), *element;
    struct buffer line = BUFFER_EMPTY;
    size_t i;
    json_array_foreach(elements, i, element) {
        buffer_append_format(&line, "   %13s(%s) ", "", show_string(element, "ai"));
        show_append(&line, show_string(element, "value"), TEXT_COLUMNS);
        buffer_append_format(&line, "  %s", show_string(element, "title"));
        show_line(&line);
    }
    buffer_done(&line);
}

static void print_candidate(size_t number, json_t *candidate)
{
    static const char *const shown[] = {"class", "value", "gs1", NULL};
    struct buffer line = BUFFER_EMPTY;
    buffer_append_format(&line, "%2zu  %-10s  ", number, show_string(candidate, "class"));
    show_append(&line, show_string(candidate, "value"), TEXT_COLUMNS);
    buffer_append_text(&line, "  ");
    show_pairs(&line, candidate, shown, "en");
    show_line(&line);
    print_elements(candidate);
    buffer_done(&line);
}

static void print_answer(const json_t *answer)
{
    json_t *value;
    size_t i;
    json_array_foreach(json_object_get(answer, "candidates"), i, value)
        print_candidate(i + 1, value);
    json_array_foreach(json_object_get(answer, "checks"), i, value)
        printf("%s%s: %s", i == 0 ? "checks:  " : ", ", show_string(value, "check"), show_string(value, "verdict"));
    if (i > 0)
        putchar('\n');
}

static bool is_aim(const char *aim)
{
    return aim[0] == '\0' || (strlen(aim) == 3 && aim[0] == ']');
}

static enum ctl_exit classify_one(const struct ctl *ctl, const char *aim)
{
    struct question question = {ctl->arguments[0], strlen(ctl->arguments[0]), aim};
    json_t *value = answer(&question);
    bool refused = json_is_string(json_object_get(value, "refused"));
    if (ctl->json)
        bytes_print_json(value);
    else
        print_answer(value);
    json_decref(value);
    return refused ? CTL_REFUSED : CTL_OK;
}

/* ---- one code a line ---- */

/* The question of a line; its strings are the line's, or those in bytes. */
static const char *read_question(const json_t *line, const char *aim, struct buffer *bytes,
                                 struct question *ret_question)
{
    const json_t *code = json_is_object(line) ? json_object_get(line, "code") : line;
    const json_t *hex = json_object_get(line, "hex"), *own_aim = json_object_get(line, "aim");
    *ret_question = (struct question){json_string_value(code), json_string_length(code), aim};
    if (json_is_string(own_aim))
        ret_question->aim = json_string_value(own_aim);
    if (!is_aim(ret_question->aim) || (own_aim != NULL && !json_is_string(own_aim)))
        return "aim: wanted is ] and two characters, or nothing";
    if (!json_is_string(hex))
        return json_is_string(code) ? NULL : "wanted is a string, or an object with code or hex";
    if (!bytes_from_hex(json_string_value(hex), json_string_length(hex), bytes))
        return "hex: wanted are two digits a byte";
    ret_question->text = buffer_text(bytes);
    ret_question->length = bytes->length;
    return NULL;
}

static json_t *answer_line(const struct buffer *text, const char *aim, const char **ret_reason)
{
    struct buffer bytes = BUFFER_EMPTY;
    struct question question;
    json_t *line = json_loadb(buffer_text(text), text->length,
                              JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    *ret_reason = line == NULL ? "not JSON" : read_question(line, aim, &bytes, &question);
    json_t *value = *ret_reason == NULL ? answer(&question) : NULL;
    json_decref(line);
    buffer_done(&bytes);
    return value;
}

static enum ctl_exit classify_lines(const char *aim)
{
    struct buffer text = BUFFER_EMPTY;
    enum ctl_exit end = CTL_OK;
    enum bytes_line result;
    for (json_int_t number = 1; (result = bytes_read_line(stdin, LINE_MAX_BYTES, &text)) != BYTES_END; number++) {
        const char *reason = "line too long";
        json_t *value = result == BYTES_TOO_LONG ? NULL : answer_line(&text, aim, &reason);
        if (value == NULL) {
            end = CTL_REFUSED;
            value = json_pack("{s:I, s:s}", "line", number, "error", reason);
        }
        bytes_print_json(value);
        json_decref(value);
    }
    buffer_done(&text);
    return bytes_close(stdin, "-") ? end : CTL_FAULT;
}

enum ctl_exit ctl_classify(struct ctl *ctl)
{
    const char *aim = ctl->aim != NULL ? ctl->aim : "";
    if (!is_aim(aim)) {
        ctl_complain("--aim: wanted is ] and two characters, for instance ]C1");
        return CTL_USAGE;
    }
    return text_equal(ctl->arguments[0], "-") ? classify_lines(aim) : classify_one(ctl, aim);
}
