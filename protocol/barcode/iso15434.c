/* SPDX-License-Identifier: Apache-2.0 */
/* ISO/IEC 15434: the envelope, then one reader for each format. */
#include "protocol/barcode/iso15434.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/checkdigit.h"
#include "protocol/barcode/gs1.h"

#include <stdio.h>
#include <string.h>

#define RS '\x1E'
#define EOT '\x04'
#define FIELDS_MAX 32

struct field {
    const char *start;
    size_t length;
};

struct message {
    const char *data; /* behind the format's two digits and its separator */
    size_t length;
    struct field fields[FIELDS_MAX]; /* the data at its separators */
    size_t count;
};

struct output {
    struct candidate *candidates;
    size_t count;
};

static void append(struct output *output, const struct candidate *candidate)
{
    if (output->count < ISO15434_CANDIDATES_MAX)
        output->candidates[output->count++] = *candidate;
}

/* Copies a field whole or not at all: a part of a key is another key. */
static void copy_field(char *target, size_t size, const char *start, size_t length)
{
    if (length < size)
        text_copy_bytes(target, size, start, length);
}

static const char *read_gs1(const struct message *message, struct output *output)
{
    struct gs1_data data;
    struct candidate candidate;
    enum gs1_refusal refusal = gs1_parse(GS1_TOLERANT, message->data, message->length, &data);
    if (refusal != GS1_OK)
        return gs1_refusal_name(refusal);
    gs1_fill_candidate(&data, &candidate);
    append(output, &candidate);
    if (candidate.sscc[0] != '\0') {
        candidate.class = CANDIDATE_SSCC;
        TEXT_COPY(candidate.value, candidate.sscc);
        append(output, &candidate);
    }
    return NULL;
}

/* A data identifier is digits and one letter; its length with the value behind it, or 0. */
static size_t identifier_length(const struct field *field)
{
    size_t digits = 0;
    while (digits < field->length && digits < 3 && field->start[digits] >= '0' && field->start[digits] <= '9')
        digits++;
    bool letter = digits < field->length && field->start[digits] >= 'A' && field->start[digits] <= 'Z';
    return letter && field->length > digits + 1 ? digits + 1 : 0;
}

/* The value of an identifier; NULL if no field has it. */
static const char *value_of(const struct message *message, const char *identifier, size_t *ret_length)
{
    size_t length = strlen(identifier);
    for (size_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        if (identifier_length(field) == length && memcmp(field->start, identifier, length) == 0) {
            *ret_length = field->length - length;
            return field->start + length;
        }
    }
    return NULL;
}

static void copy_value(const struct message *message, const char *identifier, char *target, size_t size)
{
    size_t length = 0;
    const char *value = value_of(message, identifier, &length);
    if (value != NULL && target[0] == '\0')
        copy_field(target, size, value, length);
}

/* 8P is a GTIN of 14 digits, 3P an EAN or UPC number. */
static void copy_gtin(const struct message *message, char *target)
{
    char digits[15] = "";
    copy_value(message, "8P", digits, sizeof digits);
    copy_value(message, "3P", digits, sizeof digits);
    size_t length = strlen(digits);
    if (length < 8 || !checkdigit_is_valid(CHECKDIGIT_GS1, digits, length))
        return;
    memset(target, '0', 14 - length);
    memcpy(target + 14 - length, digits, length + 1);
}

/* 14D is YYYYMMDD. */
static void copy_expiry(const struct message *message, char *target)
{
    size_t length = 0;
    const char *date = value_of(message, "14D", &length);
    if (date != NULL && gs1_check(GS1_CHECK_YYYYMMDD, date, length))
        snprintf(target, 11, "%.4s-%.2s-%.2s", date, date + 4, date + 6);
}

static const struct {
    const char *identifier;
    enum candidate_class class;
} keys[] = {
    {"P", CANDIDATE_TEXT},      {"1P", CANDIDATE_TEXT},     {"S", CANDIDATE_TEXT},      {"J", CANDIDATE_TRACKING},
    {"1J", CANDIDATE_TRACKING}, {"2J", CANDIDATE_TRACKING}, {"3J", CANDIDATE_TRACKING}, {"4J", CANDIDATE_TRACKING},
    {"5J", CANDIDATE_TRACKING}, {"6J", CANDIDATE_TRACKING},
};

static const char *read_data_identifiers(const struct message *message, struct output *output)
{
    struct candidate item = {.class = CANDIDATE_GS1};
    copy_gtin(message, item.gtin);
    copy_value(message, "S", item.serial, sizeof item.serial);
    copy_value(message, "1T", item.lot, sizeof item.lot);
    copy_expiry(message, item.expiry);
    if (item.gtin[0] != '\0')
        append(output, &item);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct candidate candidate = item;
        candidate.class = keys[i].class;
        copy_value(message, keys[i].identifier, candidate.value, sizeof candidate.value);
        TEXT_COPY(candidate.detail, keys[i].identifier);
        if (candidate.value[0] != '\0')
            append(output, &candidate);
    }
    return output->count == 0 ? "empty" : NULL;
}

/* Fields of format 01: postal code, country, class of service, number, SCAC, then UPS's shipper. */
enum transport_field { POSTAL_CODE, COUNTRY, SERVICE, NUMBER, SCAC, SHIPPER };

static bool starts_with(const struct field *field, const char *prefix)
{
    return field->length >= strlen(prefix) && memcmp(field->start, prefix, strlen(prefix)) == 0;
}

/* UPS: "1Z" + eight digits stands for 1Z, shipper, the last two digits of the service, those eight. */
static bool put_ups_together(const struct message *message, struct candidate *candidate)
{
    const struct field *number = &message->fields[NUMBER];
    const struct field *service = &message->fields[SERVICE];
    const struct field *shipper = &message->fields[SHIPPER];
    if (!starts_with(number, "1Z") || number->length != 10 || service->length != 3 || message->count <= SHIPPER ||
        shipper->length != 6)
        return false;
    char whole[19];
    snprintf(whole, sizeof whole, "1Z%.6s%.2s%.8s", shipper->start, service->start + 1, number->start + 2);
    return checkdigit_is_valid(CHECKDIGIT_UPS, whole + 2, 16) && TEXT_COPY(candidate->value, whole);
}

static const char *read_transport(const struct message *message, struct output *output)
{
    struct candidate candidate = {.class = CANDIDATE_TRACKING};
    if (message->count <= SCAC || message->fields[NUMBER].length == 0)
        return "format";
    const struct field *number = &message->fields[NUMBER];
    const struct field *scac = &message->fields[SCAC];
    bool is_fedex = starts_with(scac, "FDE") && number->length == 16;
    copy_field(candidate.detail, sizeof candidate.detail, scac->start, scac->length);
    if (put_ups_together(message, &candidate))
        append(output, &candidate);
    copy_field(candidate.value, sizeof candidate.value, number->start, is_fedex ? 12 : number->length);
    append(output, &candidate);
    return NULL;
}

static const struct {
    char digits[3];
    const char *(*read)(const struct message *message, struct output *output);
} formats[] = {{"01", read_transport}, {"05", read_gs1}, {"06", read_data_identifiers}};

static void split(struct message *message)
{
    const char *p = message->data;
    const char *end = p + message->length;
    while (message->count < FIELDS_MAX) {
        const char *separator = memchr(p, GS1_SEPARATOR, (size_t)(end - p));
        const char *stop = separator != NULL ? separator : end;
        message->fields[message->count++] = (struct field){p, (size_t)(stop - p)};
        if (separator == NULL)
            break;
        p = separator + 1;
    }
}

/* The data of the first format in the envelope; false if the envelope is not one of ours. */
static bool open_envelope(const char *text, size_t length, size_t *ret_format, struct message *ret_message)
{
    if (length < 7 || text[6] != GS1_SEPARATOR)
        return false;
    const char *end = memchr(text + 7, RS, length - 7);
    if (end == NULL)
        end = memchr(text + 7, EOT, length - 7);
    struct message message = {.data = text + 7, .length = end != NULL ? (size_t)(end - text - 7) : length - 7};
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (memcmp(text + 4, formats[i].digits, 2) == 0) {
            split(&message);
            *ret_message = message;
            *ret_format = i;
            return true;
        }
    return false;
}

enum iso15434_result iso15434_parse(const char *text, size_t length, struct candidate *ret_candidates,
                                    size_t *ret_count, const char **ret_reason)
{
    struct output output = {.candidates = ret_candidates};
    struct message message;
    size_t format = 0;
    if (length < 4 || memcmp(text, "[)>\x1E", 4) != 0)
        return ISO15434_NONE;
    const char *reason = "format";
    if (open_envelope(text, length, &format, &message))
        reason = formats[format].read(&message, &output);
    if (reason != NULL) {
        *ret_reason = reason;
        return ISO15434_REFUSED;
    }
    *ret_count = output.count;
    return ISO15434_READ;
}
