/* SPDX-License-Identifier: Apache-2.0 */
/* Check characters: one small function a kind, in a table. */
#include "protocol/barcode/checkdigit.h"

#include "base/memory.h"

#include <string.h>

static int digit_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : CHECKDIGIT_NONE;
}

/* 0-9 then A-Z, as ISO 7064 counts. */
static int letter_value(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : digit_value(c);
}

/* UPS counts letters as its 1Z guide does: A=2 … H=9, I=0 … */
static int ups_value(char c)
{
    return c >= 'A' && c <= 'Z' ? (c - 'A' + 2) % 10 : digit_value(c);
}

static int to_ten(int sum)
{
    return (10 - sum % 10) % 10;
}

static int gs1_value(const char *text, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(text[length - 1 - i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        sum = (sum + value * (i % 2 == 0 ? 3 : 1)) % 10;
    }
    return to_ten(sum);
}

static int luhn_value(const char *text, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(text[length - 1 - i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        int doubled = 2 * value;
        sum = (sum + (i % 2 != 0 ? value : doubled > 9 ? doubled - 9 : doubled)) % 10;
    }
    return to_ten(sum);
}

static int ups_check_value(const char *text, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int value = ups_value(text[i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        sum = (sum + value * (i % 2 == 0 ? 1 : 2)) % 10;
    }
    return to_ten(sum);
}

static int fedex_value(const char *text, size_t length)
{
    static const int weights[] = {1, 3, 7};
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(text[length - 1 - i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        sum = (sum + value * weights[i % COUNT_OF(weights)]) % 11;
    }
    return sum % 10;
}

static int mod7_value(const char *text, size_t length)
{
    int rest = 0;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(text[i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        rest = (rest * 10 + value) % 7;
    }
    return rest;
}

static int mod37_value(const char *text, size_t length)
{
    int product = 36;
    for (size_t i = 0; i < length; i++) {
        int value = letter_value(text[i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        int sum = (product + value) % 36;
        product = (sum == 0 ? 36 : sum) * 2 % 37;
    }
    return (37 - product) % 36;
}

static int s10_value(const char *text, size_t length)
{
    static const int weights[] = {8, 6, 4, 2, 3, 5, 9, 7};
    int sum = 0;
    if (length != COUNT_OF(weights))
        return CHECKDIGIT_NONE;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(text[i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        sum += value * weights[i];
    }
    int check = 11 - sum % 11;
    return check == 10 ? 0 : check == 11 ? 5 : check;
}

static int any_value(const char *text, size_t length)
{
    (void)text;
    (void)length;
    return CHECKDIGIT_NONE;
}

static int (*const values[])(const char *text, size_t length) = {
    [CHECKDIGIT_ANY] = any_value,       [CHECKDIGIT_GS1] = gs1_value,     [CHECKDIGIT_LUHN] = luhn_value,
    [CHECKDIGIT_UPS] = ups_check_value, [CHECKDIGIT_FEDEX] = fedex_value, [CHECKDIGIT_MOD7] = mod7_value,
    [CHECKDIGIT_MOD37] = mod37_value,   [CHECKDIGIT_S10] = s10_value,
};
_Static_assert(COUNT_OF(values) == CHECKDIGIT_KIND_COUNT, "every kind has its function");

int checkdigit_value(enum checkdigit_kind kind, const char *text, size_t length)
{
    return values[kind](text, length);
}

bool checkdigit_is_valid(enum checkdigit_kind kind, const char *text, size_t length)
{
    if (kind == CHECKDIGIT_ANY)
        return true;
    if (length < 2)
        return false;
    int value = checkdigit_value(kind, text, length - 1);
    return value >= 0 && letter_value(text[length - 1]) == value;
}

/* The text as one number modulo 97, its letters as two digits each; CHECKDIGIT_NONE for a foreign character. */
static int mod97_rest(const char *text, size_t length)
{
    int rest = 0;
    for (size_t i = 0; i < length; i++) {
        int value = text[i] == '-' ? 36 : letter_value(text[i]);
        if (value < 0)
            return CHECKDIGIT_NONE;
        rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
    }
    return rest;
}

int checkdigit_mod97(const char *text, size_t length)
{
    int rest = mod97_rest(text, length);
    return rest < 0 ? CHECKDIGIT_NONE : 98 - rest * 100 % 97;
}

bool checkdigit_mod97_is_valid(const char *text, size_t length)
{
    return length > 2 && digit_value(text[length - 2]) >= 0 && digit_value(text[length - 1]) >= 0 &&
           mod97_rest(text, length) == 1;
}

char checkdigit_control(const char *text, size_t length)
{
    static const char letters[] = CHECKDIGIT_CONTROL_LETTERS;
    size_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        const char *letter = text[i] == '\0' ? NULL : strchr(letters, text[i]);
        if (letter == NULL)
            return '\0';
        sum += (i + 1) * (size_t)(letter - letters);
    }
    return letters[sum % 19];
}
