/* SPDX-License-Identifier: Apache-2.0 */
/* The pattern language: elements are read one by one and matched greedily, without going back. */
#include "protocol/barcode/pattern.h"

#include "base/memory.h"
#include "protocol/barcode/checkdigit.h"

#include <string.h>

#define COUNT_MAX 9999u
#define TEXT_MAX 128

/* One element: which characters, how often; or a mark, which takes none. */
struct element {
    bool accepts[128];
    unsigned least, most;
    char mark; /* one of ( ) < >, else '\0' */
};

enum read_result { READ_END, READ_ELEMENT, READ_BAD };

static bool is_letter(int c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void accept_range(struct element *element, unsigned char first, unsigned char last)
{
    for (unsigned c = first; c <= last && c < 128; c++) {
        element->accepts[c] = true;
        if (is_letter((int)c))
            element->accepts[c ^ 0x20] = true;
    }
}

/* "[…]" from behind its bracket; the place behind the closing one, or NULL. */
static const char *read_set(struct element *element, const char *p)
{
    const char *start = p;
    for (; *p != ']'; p++) {
        if (*p == '\0' || *p == '[')
            return NULL;
        bool range = p[1] == '-' && p[2] != ']' && p[2] != '\0';
        if (range && p[2] < p[0])
            return NULL;
        accept_range(element, (unsigned char)*p, (unsigned char)(range ? p[2] : *p));
        p += range ? 2 : 0;
    }
    return p == start ? NULL : p + 1;
}

static const char *read_number(const char *p, unsigned *ret_number)
{
    unsigned number = 0;
    const char *start = p;
    for (; *p >= '0' && *p <= '9' && p - start < 4; p++)
        number = number * 10 + (unsigned)(*p - '0');
    if (p == start)
        return NULL;
    *ret_number = number;
    return p;
}

/* "{n}", "{n,}" or "{n,m}" from behind its brace; the place behind the closing one, or NULL. */
static const char *read_count(struct element *element, const char *p)
{
    p = read_number(p, &element->least);
    if (p == NULL)
        return NULL;
    element->most = element->least;
    if (*p == ',' && p[1] == '}')
        element->most = COUNT_MAX;
    else if (*p == ',' && (p = read_number(p + 1, &element->most)) == NULL)
        return NULL;
    p += *p == ',';
    return *p == '}' && element->most >= element->least ? p + 1 : NULL;
}

/* One element without its count; the place behind it, or NULL. */
static const char *read_characters(struct element *element, const char *p)
{
    switch (*p) {
    case '#':
        accept_range(element, '0', '9');
        return p + 1;
    case '@':
        accept_range(element, 'A', 'Z');
        return p + 1;
    case '?':
        accept_range(element, '0', '9');
        accept_range(element, 'A', 'Z');
        return p + 1;
    case '[':
        return read_set(element, p + 1);
    case '\\':
        p++;
        break;
    default:
        if (strchr("]{}*", *p) != NULL)
            return NULL;
        break;
    }
    if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7F)
        return NULL;
    accept_range(element, (unsigned char)*p, (unsigned char)*p);
    return p + 1;
}

static enum read_result read_element(const char **pattern, struct element *ret_element)
{
    const char *p = *pattern;
    *ret_element = (struct element){.least = 1, .most = 1};
    if (*p == '\0')
        return READ_END;
    if (*p == '*') {
        memset(ret_element->accepts, true, sizeof ret_element->accepts);
        ret_element->most = COUNT_MAX;
        *pattern = p + 1;
        return p[1] == '\0' ? READ_ELEMENT : READ_BAD;
    }
    if (strchr("()<>", *p) != NULL) {
        ret_element->mark = *p;
        *pattern = p + 1;
        return READ_ELEMENT;
    }
    p = read_characters(ret_element, p);
    if (p != NULL && *p == '{')
        p = read_count(ret_element, p + 1);
    if (p == NULL)
        return READ_BAD;
    *pattern = p;
    return READ_ELEMENT;
}

static void set_mark(struct pattern_match *match, char mark, size_t at)
{
    size_t *const places[] = {&match->number.start, &match->number.end, &match->checked.start, &match->checked.end};
    *places[strchr("()<>", mark) - "()<>"] = at;
}

/* How many characters the element takes, or COUNT_MAX + 1 if there are too few. Bytes beyond ASCII fit '*' only. */
static size_t take(const struct element *element, const char *text, size_t length)
{
    size_t taken = 0;
    while (taken < length && taken < element->most) {
        unsigned char c = (unsigned char)text[taken];
        if (!(c < 128 ? element->accepts[c] : element->accepts[0]))
            break;
        taken++;
    }
    return taken >= element->least ? taken : COUNT_MAX + 1;
}

static bool match_elements(const char *pattern, const char *text, size_t length, struct pattern_match *ret_match)
{
    struct pattern_match match = {0};
    struct element element;
    size_t at = 0;
    enum read_result result;
    while ((result = read_element(&pattern, &element)) == READ_ELEMENT) {
        if (element.mark != '\0') {
            set_mark(&match, element.mark, at);
            continue;
        }
        size_t taken = take(&element, text + at, length - at);
        if (taken > COUNT_MAX)
            return false;
        at += taken;
    }
    if (result == READ_BAD || at != length)
        return false;
    if (ret_match != NULL)
        *ret_match = match;
    return true;
}

static const struct check_prefix {
    const char *prefix;
    enum checkdigit_kind kind; /* CHECKDIGIT_ANY: MOD 97-10 */
} check_prefixes[] = {
    {"luhn:", CHECKDIGIT_LUHN},
    {"gs1:", CHECKDIGIT_GS1},
    {"mod97:", CHECKDIGIT_ANY},
};

static const struct check_prefix *check_prefix_of(const char *pattern)
{
    for (size_t i = 0; i < COUNT_OF(check_prefixes); i++)
        if (strncmp(pattern, check_prefixes[i].prefix, strlen(check_prefixes[i].prefix)) == 0)
            return &check_prefixes[i];
    return NULL;
}

/* The check over the digits (and for MOD 97-10 the letters) of the text, whatever stands between them. */
static bool check_holds(const struct check_prefix *check, const char *text, size_t length)
{
    char kept[TEXT_MAX];
    size_t count = 0;
    bool letters = check->kind == CHECKDIGIT_ANY;
    for (size_t i = 0; i < length; i++) {
        bool wanted = (text[i] >= '0' && text[i] <= '9') || (letters && is_letter(text[i]));
        if (wanted && count == sizeof kept)
            return false;
        if (wanted)
            kept[count++] = (char)(is_letter(text[i]) ? text[i] & ~0x20 : text[i]);
    }
    return letters ? checkdigit_mod97_is_valid(kept, count) : checkdigit_is_valid(check->kind, kept, count);
}

/* The elements of a pattern behind its check, if any. */
static const char *elements_of(const char *pattern)
{
    const struct check_prefix *check = check_prefix_of(pattern);
    return pattern + (check != NULL ? strlen(check->prefix) : 0);
}

bool pattern_match(const char *pattern, const char *text, size_t length, struct pattern_match *ret_match)
{
    const struct check_prefix *check = check_prefix_of(pattern);
    return (check == NULL || check_holds(check, text, length)) &&
           match_elements(elements_of(pattern), text, length, ret_match);
}

bool pattern_is_valid(const char *pattern)
{
    struct element element;
    enum read_result result;
    const char *p = elements_of(pattern);
    if (*p == '\0')
        return false;
    while ((result = read_element(&p, &element)) == READ_ELEMENT)
        continue;
    return result == READ_END;
}

bool pattern_needs_letter(const char *pattern)
{
    struct element element;
    const char *p = elements_of(pattern);
    while (read_element(&p, &element) == READ_ELEMENT) {
        bool letter = element.least > 0 && element.mark == '\0';
        for (int c = 0; c < 128 && letter; c++)
            letter = !element.accepts[c] || is_letter(c);
        if (letter)
            return true;
    }
    return false;
}
