/* SPDX-License-Identifier: Apache-2.0 */
/* One row a form of our own codes; writing and reading walk the same rows. */
#include "protocol/barcode/own.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/checkdigit.h"
#include "protocol/barcode/control.h"

#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

struct form {
    enum candidate_class class;
    const char *prefix;
    const char *alphabet;
    size_t least, most;  /* characters between prefix and check digits */
    bool has_generation; /* the last of those characters is the generation */
    bool value_is_whole; /* the value keeps the prefix */
};

#define FORM(kind, first, letters, low, high, ...)                                                                     \
    {                                                                                                                  \
        .class = kind, .prefix = first, .alphabet = letters, .least = low, .most = high, __VA_ARGS__                   \
    }

static const struct form forms[] = {
    FORM(CANDIDATE_LPN, "LPT", DIGITS, 11, 11, .has_generation = true, .value_is_whole = true),
    FORM(CANDIDATE_LPN, "LP", DIGITS, 11, 11, .has_generation = true, .value_is_whole = true),
    FORM(CANDIDATE_PARCEL, "PX", DIGITS, 10, 10, .value_is_whole = true),
    FORM(CANDIDATE_BADGE, "XOP", DIGITS LETTERS, 1, 12, .value_is_whole = false),
    FORM(CANDIDATE_CONTAINER, "XTC", DIGITS LETTERS "-", 1, 16, .value_is_whole = false),
    FORM(CANDIDATE_LOCATION, "XLC", DIGITS LETTERS "-", 1, 16, .value_is_whole = false),
};
#undef FORM

static bool number_value(char *target, const char *prefix, unsigned station, unsigned sequence)
{
    if (station > OWN_STATION_MAX || sequence > OWN_SEQUENCE_MAX)
        return false;
    snprintf(target, OWN_SIZE, "%s%03u%07u", prefix, station, sequence);
    return true;
}

bool own_lpn(char *target, bool training, unsigned station, unsigned sequence)
{
    return number_value(target, training ? "LPT" : "LP", station, sequence);
}

bool own_parcel(char *target, unsigned station, unsigned sequence)
{
    return number_value(target, "PX", station, sequence);
}

/* True if the text has the prefix, a body of the right length and alphabet, and two digits behind it. */
static bool has_shape(const struct form *form, const char *text)
{
    size_t prefix = strlen(form->prefix);
    size_t length = strlen(text);
    if (strncmp(text, form->prefix, prefix) != 0 || length < prefix + form->least + 2 ||
        length > prefix + form->most + 2)
        return false;
    return strspn(text + prefix, form->alphabet) >= length - prefix - 2 && strspn(text + length - 2, DIGITS) == 2;
}

static bool encode_as(const struct form *form, const char *value, unsigned generation, char *target)
{
    char symbol[2 * OWN_SIZE];
    if (strlen(value) >= OWN_SIZE || (form->has_generation && (generation < 1 || generation > OWN_GENERATION_MAX)))
        return false;
    int length = snprintf(symbol, sizeof symbol, "%s%s", form->value_is_whole ? "" : form->prefix, value);
    if (form->has_generation)
        symbol[length++] = (char)('0' + generation);
    int check = checkdigit_mod97(symbol, (size_t)length);
    if (check == CHECKDIGIT_NONE)
        return false;
    snprintf(symbol + length, sizeof symbol - (size_t)length, "%02d", check);
    return has_shape(form, symbol) && text_copy(target, OWN_SIZE, symbol);
}

bool own_encode(enum candidate_class class, const char *value, unsigned generation, char *target)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (forms[i].class == class && encode_as(&forms[i], value, generation, target))
            return true;
    return false;
}

static enum own_result refuse(const char *text, const char *detail, struct candidate *ret_candidate)
{
    *ret_candidate = (struct candidate){.class = CANDIDATE_REFUSED};
    TEXT_COPY(ret_candidate->value, text);
    TEXT_COPY(ret_candidate->detail, detail);
    return OWN_REFUSED;
}

static enum own_result decode_form(const struct form *form, const char *text, struct candidate *ret_candidate)
{
    size_t length = strlen(text);
    const char *value = form->value_is_whole ? text : text + strlen(form->prefix);
    size_t tail = form->has_generation ? 3 : 2;
    if (!checkdigit_mod97_is_valid(text, length))
        return refuse(text, "check_digit", ret_candidate);
    if (form->has_generation && text[length - tail] == '0')
        return refuse(text, "generation", ret_candidate);
    *ret_candidate = (struct candidate){.class = form->class};
    ret_candidate->generation = form->has_generation ? (uint8_t)(text[length - tail] - '0') : 0;
    memcpy(ret_candidate->value, value, (size_t)(text + length - tail - value));
    return OWN_READ;
}

/* A control card's shape: the prefix, two to eight letters and the check letter. */
static enum own_result decode_control(const char *text, struct candidate *ret_candidate)
{
    size_t prefix = strlen(CONTROL_PREFIX);
    size_t length = strlen(text);
    if (strncmp(text, CONTROL_PREFIX, prefix) != 0 || length < prefix + 2 || length >= CONTROL_SIZE ||
        strspn(text + prefix, LETTERS) != length - prefix)
        return OWN_FOREIGN;
    enum verb verb = control_decode(text);
    if (verb == VERB_NONE)
        return refuse(text, "check_digit", ret_candidate);
    *ret_candidate = (struct candidate){.class = CANDIDATE_COMMAND, .verb = verb};
    TEXT_COPY(ret_candidate->value, text);
    return OWN_READ;
}

enum own_result own_decode(const char *text, struct candidate *ret_candidate)
{
    char upper[OWN_SIZE];
    if (!TEXT_COPY(upper, text))
        return OWN_FOREIGN;
    text_upper(upper);
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (has_shape(&forms[i], upper))
            return decode_form(&forms[i], upper, ret_candidate);
    return decode_control(upper, ret_candidate);
}
