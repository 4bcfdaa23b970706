/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which a scan is tried, as a table of steps. */
#include "protocol/barcode/classify.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/carrier.h"
#include "protocol/barcode/checkdigit.h"
#include "protocol/barcode/digital_link.h"
#include "protocol/barcode/gs1.h"
#include "protocol/barcode/iso15434.h"
#include "protocol/barcode/own.h"
#include "protocol/barcode/pattern.h"

#include <string.h>

/* One scan on its way through the steps. */
struct reading {
    const struct classify_rules *rules;
    char aim[4];
    char text[CLASSIFY_BYTES_MAX + 1]; /* without spaces and separators around it */
    size_t length;
    bool has_separators; /* controls of structured data are inside */
    bool is_announced;   /* as GS1 data: by its AIM identifier, or by a GS inside or leading */
    bool is_structured;  /* a step before has read its structure */
    const char *refusal; /* why its structure could not be read, or NULL */
    struct candidate *candidates;
    size_t count;
};

static const char *const default_rmas[] = {"RMA*", "R#{8,}"};
static const char *const default_orders[] = {"ORD-*", "ORD#{4,}"};
static const char *const default_tracking[] = {"colissimo=[0-9]@#{11}", "chronopost=@@#{9}JB"};

static void fill(char (*patterns)[CLASSIFY_PATTERN_SIZE], const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TEXT_COPY(patterns[i], texts[i]);
}

void classify_default_rules(struct classify_rules *rules)
{
    *rules = (struct classify_rules){0};
    fill(rules->rma_patterns, default_rmas, COUNT_OF(default_rmas));
    fill(rules->order_patterns, default_orders, COUNT_OF(default_orders));
    fill(rules->tracking_patterns, default_tracking, COUNT_OF(default_tracking));
}

static bool is_around(char c)
{
    return c == ' ' || c == GS1_SEPARATOR;
}

static bool is_same(const struct candidate *a, const struct candidate *b)
{
    return a->class == b->class && text_equal(a->value, b->value) && text_equal(a->detail, b->detail);
}

/* Appends unless it is there already; the last place is kept for the whole text. */
static void append(struct reading *reading, const struct candidate *candidate)
{
    for (size_t i = 0; i < reading->count; i++)
        if (is_same(&reading->candidates[i], candidate))
            return;
    if (reading->count < CANDIDATES_MAX - 1)
        reading->candidates[reading->count++] = *candidate;
}

static void append_value(struct reading *reading, enum candidate_class class, const char *value, size_t length,
                         const char *detail)
{
    struct candidate candidate = {.class = class};
    if (!text_copy_bytes(candidate.value, sizeof candidate.value, value, length))
        return;
    TEXT_COPY(candidate.detail, detail);
    append(reading, &candidate);
}

static bool own_step(struct reading *reading)
{
    struct candidate candidate;
    if (own_decode(reading->text, &candidate) == OWN_FOREIGN)
        return false;
    append(reading, &candidate);
    return true;
}

static void append_gs1(struct reading *reading, const struct gs1_data *data)
{
    struct candidate candidate;
    gs1_fill_candidate(data, &candidate);
    append(reading, &candidate);
    if (candidate.sscc[0] != '\0') {
        candidate.class = CANDIDATE_SSCC;
        TEXT_COPY(candidate.value, candidate.sscc);
        append(reading, &candidate);
    }
}

static bool gs1_step(struct reading *reading)
{
    struct gs1_data data;
    if (!reading->is_announced || strncmp(reading->text, "[)>", 3) == 0)
        return false;
    enum gs1_refusal refusal = gs1_parse(GS1_TOLERANT, reading->text, reading->length, &data);
    reading->is_structured = refusal == GS1_OK;
    if (reading->is_structured)
        append_gs1(reading, &data);
    else
        reading->refusal = gs1_refusal_name(refusal);
    return false;
}

static bool iso15434_step(struct reading *reading)
{
    struct candidate candidates[ISO15434_CANDIDATES_MAX];
    size_t count = 0;
    enum iso15434_result result = iso15434_parse(reading->text, reading->length, candidates, &count, &reading->refusal);
    for (size_t i = 0; i < count; i++)
        append(reading, &candidates[i]);
    reading->is_structured |= result == ISO15434_READ;
    return false;
}

static bool digital_link_step(struct reading *reading)
{
    struct gs1_data data;
    if (digital_link_parse(reading->text, reading->length, &data, &reading->refusal) != DIGITAL_LINK_READ)
        return false;
    append_gs1(reading, &data);
    reading->is_structured = true;
    return false;
}

/* GS1 data in a symbol that does not announce it: only where a key with its check digit leads, and strictly. It may
 * still be a carrier's number. */
static bool plain_gs1_step(struct reading *reading)
{
    struct gs1_data data;
    bool key = strncmp(reading->text, "00", 2) == 0 || strncmp(reading->text, "01", 2) == 0;
    if (key && !reading->is_announced && !reading->is_structured &&
        gs1_parse(GS1_STRICT, reading->text, reading->length, &data) == GS1_OK)
        append_gs1(reading, &data);
    return false;
}

/* USPS and FedEx print their numbers as GS1-128: 420 and a ZIP code, then 92 …; 96 … */
static bool is_postal(const struct reading *reading)
{
    const char *text = reading->text;
    return strncmp(text, "420", 3) == 0 || (text[0] == '9' && text[1] >= '1' && text[1] <= '6');
}

/* The text as carriers write it: no spaces, no separators, upper case. */
static void compact(const struct reading *reading, char *target)
{
    size_t length = 0;
    for (size_t i = 0; i < reading->length; i++)
        if (!is_around(reading->text[i]))
            target[length++] = reading->text[i];
    target[length] = '\0';
    text_upper(target);
}

static void configured_carriers(struct reading *reading, bool with_letter, const char *number)
{
    for (size_t i = 0; i < CLASSIFY_RULES; i++) {
        const char *rule = reading->rules->tracking_patterns[i];
        const char *pattern = strchr(rule, '=');
        char carrier[CLASSIFY_PATTERN_SIZE];
        if (pattern == NULL || pattern_needs_letter(pattern + 1) != with_letter ||
            !pattern_match(pattern + 1, number, strlen(number), NULL))
            continue;
        text_copy_bytes(carrier, sizeof carrier, rule, (size_t)(pattern - rule));
        append_value(reading, CANDIDATE_TRACKING, number, strlen(number), carrier);
    }
}

static void carriers(struct reading *reading, bool with_letter)
{
    struct candidate candidates[CARRIER_CANDIDATES_MAX];
    char number[CANDIDATE_VALUE_SIZE];
    compact(reading, number);
    size_t count = carrier_candidates(with_letter, number, strlen(number), candidates);
    for (size_t i = 0; i < count; i++)
        append(reading, &candidates[i]);
    configured_carriers(reading, with_letter, number);
}

static bool letter_carriers_step(struct reading *reading)
{
    if (!reading->is_structured)
        carriers(reading, true);
    return false;
}

static bool digit_carriers_step(struct reading *reading)
{
    if (reading->is_announced ? is_postal(reading) : !reading->is_structured)
        carriers(reading, false);
    return false;
}

static void rules_of(struct reading *reading, const char (*patterns)[CLASSIFY_PATTERN_SIZE], enum candidate_class class)
{
    for (size_t i = 0; i < CLASSIFY_RULES; i++)
        if (patterns[i][0] != '\0' && !reading->has_separators && !reading->is_structured &&
            pattern_match(patterns[i], reading->text, reading->length, NULL))
            append_value(reading, class, reading->text, reading->length, "");
}

static bool rules_step(struct reading *reading)
{
    rules_of(reading, reading->rules->rma_patterns, CANDIDATE_RMA);
    rules_of(reading, reading->rules->order_patterns, CANDIDATE_ORDER);
    return false;
}

static void append_gtin(struct reading *reading, size_t length)
{
    struct candidate candidate = {.class = CANDIDATE_GTIN};
    memset(candidate.gtin, '0', 14 - length);
    memcpy(candidate.gtin + 14 - length, reading->text, length);
    memcpy(candidate.value, reading->text, length);
    append(reading, &candidate);
}

/* ]E3 is EAN-13 with an add-on symbol behind it. */
static bool gtin_step(struct reading *reading)
{
    static const size_t lengths[] = {8, 12, 13, 14};
    size_t length = text_equal(reading->aim, "]E3") && reading->length > 13 ? 13 : reading->length;
    for (size_t i = 0; i < COUNT_OF(lengths) && !reading->is_structured; i++)
        if (length == lengths[i] && checkdigit_is_valid(CHECKDIGIT_GS1, reading->text, length))
            append_gtin(reading, length);
    return false;
}

static void refuse(struct reading *reading, const char *detail)
{
    struct candidate refused = {.class = CANDIDATE_REFUSED};
    text_escape(refused.value, sizeof refused.value, reading->text, reading->length);
    TEXT_COPY(refused.detail, detail);
    append(reading, &refused);
}

/* Beyond this step a reading is short, and has separators only if it may be a carrier's. */
static bool limit_step(struct reading *reading)
{
    if (reading->length < CANDIDATE_VALUE_SIZE)
        return false;
    if (!reading->is_structured)
        refuse(reading, reading->refusal != NULL ? reading->refusal : "too_long");
    return true;
}

static bool text_step(struct reading *reading)
{
    bool imei = reading->length == 15 && checkdigit_is_valid(CHECKDIGIT_LUHN, reading->text, reading->length);
    struct candidate candidate = {.class = CANDIDATE_TEXT};
    if (reading->count == 0 && (reading->refusal != NULL || reading->has_separators))
        refuse(reading, reading->refusal != NULL ? reading->refusal : "unreadable");
    if (reading->has_separators && reading->candidates[0].class == CANDIDATE_REFUSED)
        return true;
    TEXT_COPY(candidate.value, reading->text);
    TEXT_COPY(candidate.detail, imei ? "imei" : "");
    reading->candidates[reading->count++] = candidate;
    return true;
}

/* 20-scanning §5, in its order. A step that answers true is the last one. */
static bool (*const steps[])(struct reading *reading) = {
    own_step,       gs1_step,  iso15434_step,       digital_link_step, limit_step, rules_step, letter_carriers_step,
    plain_gs1_step, gtin_step, digit_carriers_step, text_step,
};

bool classify_aim_is_gs1(const char *aim)
{
    static const char *const aims[] = {"]C1", "]e0", "]d2", "]Q3", "]J1"};
    for (size_t i = 0; i < COUNT_OF(aims); i++)
        if (text_equal(aim, aims[i]))
            return true;
    return false;
}

/* Copies the bytes without what is around them. */
static void trim(struct reading *reading, const char *bytes, size_t length)
{
    while (length > 0 && is_around(bytes[0])) {
        reading->is_announced |= bytes[0] == GS1_SEPARATOR;
        bytes++;
        length--;
    }
    while (length > 0 && is_around(bytes[length - 1]))
        length--;
    memmove(reading->text, bytes, length);
    reading->text[length] = '\0';
    reading->length = length;
}

/* Scanners that are set to send the AIM identifier type it before the data, some in addition to reporting it. */
static void take_typed_aim(struct reading *reading)
{
    const char *text = reading->text;
    char typed[4];
    text_copy_bytes(typed, sizeof typed, text, 3);
    bool letter = (text[1] >= 'A' && text[1] <= 'Z') || (text[1] >= 'a' && text[1] <= 'z');
    if (reading->length < 4 || text[0] != ']' || !letter || (reading->aim[0] != '\0' && !classify_aim_is_gs1(typed)))
        return;
    TEXT_COPY(reading->aim, typed);
    trim(reading, text + 3, reading->length - 3);
}

/* Notes the separators of structured data; false for any other control, C1 among them, and for ill-formed UTF-8. */
static bool check_characters(struct reading *reading)
{
    for (size_t i = 0; i < reading->length; i++) {
        unsigned char c = (unsigned char)reading->text[i];
        bool separator = c == 0x04 || (c >= 0x1C && c <= 0x1F);
        if ((c < ' ' && !separator) || c == 0x7F || (c == 0xC2 && (unsigned char)reading->text[i + 1] < 0xA0))
            return false;
        reading->has_separators |= separator;
        reading->is_announced |= c == GS1_SEPARATOR;
    }
    reading->is_announced |= classify_aim_is_gs1(reading->aim);
    return text_is_utf8(reading->text, reading->length);
}

size_t classify(const struct classify_rules *rules, const void *bytes, size_t length, const char *aim,
                struct candidate *ret_candidates)
{
    struct reading reading;
    reading = (struct reading){.rules = rules, .candidates = ret_candidates};
    TEXT_COPY(reading.aim, aim != NULL ? aim : "");
    trim(&reading, bytes, length <= CLASSIFY_BYTES_MAX ? length : CLASSIFY_BYTES_MAX);
    take_typed_aim(&reading);
    if (length > CLASSIFY_BYTES_MAX)
        refuse(&reading, "too_long");
    else if (reading.length == 0)
        refuse(&reading, "empty");
    else if (!check_characters(&reading))
        refuse(&reading, "unreadable");
    else
        for (size_t i = 0; i < COUNT_OF(steps) && !steps[i](&reading); i++)
            continue;
    return reading.count;
}
