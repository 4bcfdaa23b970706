/* SPDX-License-Identifier: Apache-2.0 */
/* GTIN: length, check digit, and the marks of a spreadsheet. */
#include "daemon/codec/gtin.h"

#include "base/text.h"
#include "protocol/barcode/checkdigit.h"

#include <string.h>

const char *gtin_fault(const char *text)
{
    size_t length = strlen(text);
    if (strpbrk(text, "Ee+.,") != NULL && text[strspn(text, "0123456789Ee+.,")] == '\0')
        return "a spreadsheet changed this GTIN; make the column text";
    if (!text_is_digits(text))
        return "is not a GTIN";
    if (length < 8 || (length > 8 && length < 12))
        return "has lost its leading zeros or digits: a GTIN has 8, 12, 13 or 14";
    if (length > 14)
        return "is too long for a GTIN";
    if (strspn(text, "0") == length || !checkdigit_is_valid(CHECKDIGIT_GS1, text, length))
        return "has a wrong check digit";
    return NULL;
}

void gtin_widen(const char *text, char target[GTIN_SIZE])
{
    size_t length = strlen(text);
    memset(target, '0', GTIN_SIZE - 1 - length);
    memcpy(target + GTIN_SIZE - 1 - length, text, length + 1);
}
