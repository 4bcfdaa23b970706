/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that classify puts a code to, one by one: why a code is what it is, and why it is not something else. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/codes.h"
#include "protocol/barcode/carrier.h"
#include "protocol/barcode/checkdigit.h"
#include "protocol/barcode/digital_link.h"
#include "protocol/barcode/gs1.h"
#include "protocol/barcode/iso15434.h"
#include "protocol/barcode/own.h"
#include "protocol/barcode/pattern.h"

#include <string.h>

#define OK "ok"

/* A code without what scanners put around it, as classify sees it. */
struct bare {
    char text[CLASSIFY_BYTES_MAX + 1];
    size_t length;
    bool announced;
};

static bool is_around(char c)
{
    return c == ' ' || c == GS1_SEPARATOR;
}

static void keep(struct bare *bare, const char *text, size_t length)
{
    while (length > 0 && is_around(text[0])) {
        text++;
        length--;
    }
    while (length > 0 && is_around(text[length - 1]))
        length--;
    memmove(bare->text, text, length);
    bare->text[length] = '\0';
    bare->length = length;
}

static void strip(struct bare *bare, const char *text, size_t length, const char *aim)
{
    char typed[4];
    bare->announced = memchr(text, GS1_SEPARATOR, length) != NULL;
    keep(bare, text, length);
    TEXT_COPY(typed, bare->length < 4 ? "" : bare->text); /* cut */
    char letter = typed[0] == ']' ? (char)(typed[1] | 0x20) : '\0';
    bool is_typed = letter >= 'a' && letter <= 'z' && (aim[0] == '\0' || classify_aim_is_gs1(typed));
    if (is_typed)
        keep(bare, bare->text + 3, bare->length - 3);
    bare->announced |= classify_aim_is_gs1(is_typed ? typed : aim);
}

static bool starts_with(const struct bare *bare, const char *start)
{
    return bare->length >= strlen(start) && memcmp(bare->text, start, strlen(start)) == 0;
}

/* Each gives "ok", a reason, or NULL where the code has not the form that is checked. */
static const char *check_own(const struct bare *bare)
{
    static struct candidate candidate; /* keeps the reason */
    enum own_result result = own_decode(bare->text, &candidate);
    return result == OWN_FOREIGN ? NULL : result == OWN_READ ? OK : candidate.detail;
}

static const char *check_gs1(const struct bare *bare, enum gs1_mode mode)
{
    struct gs1_data data;
    if (!bare->announced && !starts_with(bare, "00") && !starts_with(bare, "01"))
        return NULL;
    enum gs1_refusal refusal = gs1_parse(mode, bare->text, bare->length, &data);
    return refusal == GS1_OK ? OK : gs1_refusal_name(refusal);
}

static const char *check_gs1_strict(const struct bare *bare)
{
    return check_gs1(bare, GS1_STRICT);
}

static const char *check_gs1_tolerant(const struct bare *bare)
{
    return check_gs1(bare, GS1_TOLERANT);
}

static const char *check_iso15434(const struct bare *bare)
{
    struct candidate candidates[ISO15434_CANDIDATES_MAX];
    size_t count;
    const char *reason = "";
    enum iso15434_result result = iso15434_parse(bare->text, bare->length, candidates, &count, &reason);
    return result == ISO15434_NONE ? NULL : result == ISO15434_READ ? OK : reason;
}

static const char *check_digital_link(const struct bare *bare)
{
    struct gs1_data data;
    const char *reason = "";
    enum digital_link_result result = digital_link_parse(bare->text, bare->length, &data, &reason);
    return result == DIGITAL_LINK_NONE ? NULL : result == DIGITAL_LINK_READ ? OK : reason;
}

static const char *check_sum(const struct bare *bare, enum checkdigit_kind kind)
{
    for (size_t i = 0; i < bare->length; i++)
        if (bare->text[i] < '0' || bare->text[i] > '9')
            return NULL;
    return checkdigit_is_valid(kind, bare->text, bare->length) ? OK : "check_digit";
}

static const char *check_gtin(const struct bare *bare)
{
    bool fits = bare->length == 8 || (bare->length >= 12 && bare->length <= 14);
    return fits ? check_sum(bare, CHECKDIGIT_GS1) : NULL;
}

static const char *check_imei(const struct bare *bare)
{
    return bare->length == 15 ? check_sum(bare, CHECKDIGIT_LUHN) : NULL;
}

static const struct {
    const char *name;
    const char *(*run)(const struct bare *bare);
} checks[] = {
    {"own_code", check_own},         {"gs1_strict", check_gs1_strict},     {"gs1_tolerant", check_gs1_tolerant},
    {"iso15434", check_iso15434},    {"digital_link", check_digital_link}, {"gtin_check_digit", check_gtin},
    {"imei_check_digit", check_imei},
};

static void append(json_t *list, const char *check, const char *verdict)
{
    json_array_append_new(list, json_pack("{s:s, s:s}", "check", check, "verdict", verdict));
}

/* Of every carrier whose form the code has. "format": that form has no check digit. */
static void append_carriers(json_t *list, const struct bare *bare)
{
    char number[CANDIDATE_VALUE_SIZE] = "", name[80];
    size_t length = 0;
    for (size_t i = 0; i < bare->length && length + 1 < sizeof number; i++)
        if (!is_around(bare->text[i]))
            number[length++] = bare->text[i];
    number[length] = '\0';
    text_upper(number);
    for (size_t i = 0; i < carrier_table_count && bare->length < sizeof number; i++) {
        const struct carrier_format *format = &carrier_table[i];
        if (!pattern_match(format->pattern, number, length, NULL))
            continue;
        bool fits = carrier_fits(format, number, length);
        TEXT_FORMAT(name, "%s: %s", format->carrier, format->name);
        append(list, name,
               fits ? format->check == CHECKDIGIT_ANY ? "format" : OK
                    : format->needs_country ? "check_digit or country" : "check_digit");
    }
}

json_t *codes_checks(const char *text, size_t length, const char *aim)
{
    json_t *list = json_array();
    if (length > CLASSIFY_BYTES_MAX)
        return list;
    struct bare bare;
    strip(&bare, text, length, aim);
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        const char *verdict = bare.length > 0 ? checks[i].run(&bare) : NULL;
        if (verdict != NULL)
            append(list, checks[i].name, verdict);
    }
    append_carriers(list, &bare);
    return list;
}
