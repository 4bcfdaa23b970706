/* SPDX-License-Identifier: Apache-2.0 */
/* Component checks: one small function each, in a table. */
#include "protocol/barcode/gs1_check.h"

#include "base/clock.h"
#include "base/memory.h"
#include "protocol/barcode/checkdigit.h"

#include <stdio.h>
#include <string.h>

static const char digits[] = "0123456789";
static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* How many of the characters from the start are of the set. */
static size_t span(const char *text, size_t length, const char *set)
{
    size_t i = 0;
    while (i < length && text[i] != '\0' && strchr(set, text[i]) != NULL)
        i++;
    return i;
}

static bool are_all(const char *text, size_t length, const char *set)
{
    return span(text, length, set) == length;
}

/* The number that the digits make; text is digits only and short. */
static int64_t number(const char *text, size_t length)
{
    int64_t value = 0;
    for (size_t i = 0; i < length; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static bool is_number_below(const char *text, size_t length, size_t width, int64_t limit)
{
    return length == width && are_all(text, length, digits) && number(text, length) < limit;
}

static bool check_csum(const char *text, size_t length)
{
    return checkdigit_is_valid(CHECKDIGIT_GS1, text, length);
}

/* Weights of the check pair: the primes, from the right. */
static unsigned next_prime(unsigned prime)
{
    for (unsigned candidate = prime + 1;; candidate++) {
        unsigned divisor = 2;
        while (divisor * divisor <= candidate && candidate % divisor != 0)
            divisor++;
        if (divisor * divisor > candidate)
            return candidate;
    }
}

static bool check_csumalpha(const char *text, size_t length)
{
    static const char set82[] = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    static const char set32[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    unsigned sum = 0;
    unsigned prime = 2;
    if (length < 2 || !are_all(text, length - 2, set82))
        return false;
    for (size_t i = length - 2; i-- > 0; prime = next_prime(prime))
        sum = (sum + (unsigned)(strchr(set82, text[i]) - set82) * prime) % 1021;
    return text[length - 2] == set32[sum / 32] && text[length - 1] == set32[sum % 32];
}

static bool check_gcppos1(const char *text, size_t length)
{
    return length >= 4 && are_all(text, 4, digits);
}

static bool check_gcppos2(const char *text, size_t length)
{
    return length >= 5 && are_all(text + 1, 4, digits);
}

/* The last day of a month that exists. */
static int last_day(int year, int month)
{
    char date[DATE_SIZE + 16];
    int32_t day;
    for (int last = 31;; last--) {
        snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, last);
        if (clock_parse_date(date, &day))
            return last;
    }
}

/* GS1's rule: 51 and more years after this one means the century before, 50 and more before it the one to come. */
static int full_year(int year)
{
    int distance = year - GS1_CHECK_YEAR % 100;
    int century = GS1_CHECK_YEAR / 100 + (distance >= 51 ? -1 : distance <= -50 ? 1 : 0);
    return century * 100 + year;
}

bool gs1_check_date(const char *yymmdd, char *target)
{
    if (!are_all(yymmdd, 6, digits))
        return false;
    int year = full_year((int)number(yymmdd, 2));
    int month = (int)number(yymmdd + 2, 2);
    int day = (int)number(yymmdd + 4, 2);
    char date[DATE_SIZE + 16];
    int32_t ignored;
    if (month < 1 || month > 12)
        return false;
    snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day == 0 ? last_day(year, month) : day);
    if (!clock_parse_date(date, &ignored))
        return false;
    memcpy(target, date, DATE_SIZE);
    return true;
}

static bool check_yymmd0(const char *text, size_t length)
{
    char ignored[DATE_SIZE];
    return length == 6 && gs1_check_date(text, ignored);
}

static bool check_yymmdd(const char *text, size_t length)
{
    return check_yymmd0(text, length) && memcmp(text + 4, "00", 2) != 0;
}

static bool check_yyyymmdd(const char *text, size_t length)
{
    char date[DATE_SIZE + 16];
    int32_t ignored;
    if (length != 8 || !are_all(text, length, digits))
        return false;
    snprintf(date, sizeof date, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    return clock_parse_date(date, &ignored);
}

static bool check_hh(const char *text, size_t length)
{
    return is_number_below(text, length, 2, 24);
}

static bool check_sixty(const char *text, size_t length)
{
    return is_number_below(text, length, 2, 60);
}

static bool check_hhmi(const char *text, size_t length)
{
    return length == 4 && check_hh(text, 2) && check_sixty(text + 2, 2);
}

static bool check_three_digits(const char *text, size_t length)
{
    return is_number_below(text, length, 3, 1000);
}

static bool check_iso3166alpha2(const char *text, size_t length)
{
    return length == 2 && are_all(text, length, capitals);
}

static bool check_iso5218(const char *text, size_t length)
{
    return length == 1 && are_all(text, length, "0129");
}

static bool check_iban(const char *text, size_t length)
{
    char turned[40];
    if (length <= 10 || length > 34 || !check_iso3166alpha2(text, 2) || !are_all(text + 2, 2, digits))
        return false;
    memcpy(turned, text + 4, length - 4);
    memcpy(turned + length - 4, text, 4);
    return memchr(turned, '-', length) == NULL && checkdigit_mod97_is_valid(turned, length);
}

static bool check_pcenc(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '%' && (length - i < 3 || !are_all(text + i + 1, 2, "0123456789ABCDEFabcdef")))
            return false;
    return true;
}

static bool check_yesno(const char *text, size_t length)
{
    return length == 1 && are_all(text, length, "01");
}

static bool check_zero(const char *text, size_t length)
{
    return are_all(text, length, "0");
}

static bool check_nonzero(const char *text, size_t length)
{
    return !check_zero(text, length);
}

static bool check_nozeroprefix(const char *text, size_t length)
{
    return length == 1 || (length > 1 && text[0] != '0');
}

static bool check_hasnondigit(const char *text, size_t length)
{
    return !are_all(text, length, digits);
}

static bool check_hyphen(const char *text, size_t length)
{
    return length > 0 && are_all(text, length, "-");
}

static bool check_winding(const char *text, size_t length)
{
    return length == 1 && are_all(text, length, "019");
}

static bool check_pieceoftotal(const char *text, size_t length)
{
    size_t half = length / 2;
    return length > 0 && length % 2 == 0 && are_all(text, length, digits) && check_nonzero(text, half) &&
           memcmp(text, text + half, half) <= 0;
}

static bool check_posinseqslash(const char *text, size_t length)
{
    size_t position = span(text, length, digits);
    const char *end = text + position + 1;
    if (position == 0 || position + 2 > length || text[position] != '/' || text[0] == '0' || end[0] == '0')
        return false;
    size_t width = length - position - 1;
    return are_all(end, width, digits) && (position < width || (position == width && memcmp(text, end, width) <= 0));
}

static bool check_latitude(const char *text, size_t length)
{
    return is_number_below(text, length, 10, INT64_C(1800000001));
}

static bool check_longitude(const char *text, size_t length)
{
    return is_number_below(text, length, 10, INT64_C(3600000001));
}

static bool check_importeridx(const char *text, size_t length)
{
    return length == 1 && (are_all(text, 1, digits) || are_all(text, 1, capitals) || are_all(text, 1, "-_") ||
                           (text[0] >= 'a' && text[0] <= 'z'));
}

static bool check_mediatype(const char *text, size_t length)
{
    return is_number_below(text, length, 2, 100) &&
           (number(text, 2) >= 80 || (number(text, 2) >= 1 && number(text, 2) <= 10));
}

static bool check_packagetype(const char *text, size_t length)
{
    return are_all(text, length, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static bool check_couponcode(const char *text, size_t length)
{
    return length > 1 && are_all(text, length, digits) && text[0] <= '6';
}

/* Format 0 or 1; funder of 6 + its digit; offer of 6; serial of 6 + its digit. */
static bool check_couponposoffer(const char *text, size_t length)
{
    if (length < 2 || !are_all(text, length, digits) || text[0] > '1' || text[1] > '6')
        return false;
    size_t serial = 2 + 6 + (size_t)(text[1] - '0') + 6;
    return serial < length && length == serial + 1 + 6 + (size_t)(text[serial] - '0');
}

static bool check_none(const char *text, size_t length)
{
    (void)text;
    (void)length;
    return true;
}

static bool (*const checks[])(const char *text, size_t length) = {
    [GS1_CHECK_NONE] = check_none,
    [GS1_CHECK_CSUM] = check_csum,
    [GS1_CHECK_CSUMALPHA] = check_csumalpha,
    [GS1_CHECK_GCPPOS1] = check_gcppos1,
    [GS1_CHECK_GCPPOS2] = check_gcppos2,
    [GS1_CHECK_YYMMDD] = check_yymmdd,
    [GS1_CHECK_YYMMD0] = check_yymmd0,
    [GS1_CHECK_YYYYMMDD] = check_yyyymmdd,
    [GS1_CHECK_HHMI] = check_hhmi,
    [GS1_CHECK_HH] = check_hh,
    [GS1_CHECK_MI] = check_sixty,
    [GS1_CHECK_SS] = check_sixty,
    [GS1_CHECK_ISO3166] = check_three_digits,
    [GS1_CHECK_ISO3166999] = check_three_digits,
    [GS1_CHECK_ISO3166ALPHA2] = check_iso3166alpha2,
    [GS1_CHECK_ISO4217] = check_three_digits,
    [GS1_CHECK_ISO5218] = check_iso5218,
    [GS1_CHECK_IBAN] = check_iban,
    [GS1_CHECK_PCENC] = check_pcenc,
    [GS1_CHECK_YESNO] = check_yesno,
    [GS1_CHECK_ZERO] = check_zero,
    [GS1_CHECK_NONZERO] = check_nonzero,
    [GS1_CHECK_NOZEROPREFIX] = check_nozeroprefix,
    [GS1_CHECK_HASNONDIGIT] = check_hasnondigit,
    [GS1_CHECK_HYPHEN] = check_hyphen,
    [GS1_CHECK_WINDING] = check_winding,
    [GS1_CHECK_PIECEOFTOTAL] = check_pieceoftotal,
    [GS1_CHECK_POSINSEQSLASH] = check_posinseqslash,
    [GS1_CHECK_LATITUDE] = check_latitude,
    [GS1_CHECK_LONGITUDE] = check_longitude,
    [GS1_CHECK_IMPORTERIDX] = check_importeridx,
    [GS1_CHECK_MEDIATYPE] = check_mediatype,
    [GS1_CHECK_PACKAGETYPE] = check_packagetype,
    [GS1_CHECK_COUPONCODE] = check_couponcode,
    [GS1_CHECK_COUPONPOSOFFER] = check_couponposoffer,
};
_Static_assert(COUNT_OF(checks) == GS1_CHECK_COUNT, "every check has its function");

bool gs1_check(enum gs1_check check, const char *text, size_t length)
{
    return checks[check](text, length);
}

bool gs1_check_is_sum(enum gs1_check check)
{
    return check == GS1_CHECK_CSUM || check == GS1_CHECK_CSUMALPHA || check == GS1_CHECK_IBAN;
}

bool gs1_check_is_date(enum gs1_check check)
{
    return check == GS1_CHECK_YYMMDD || check == GS1_CHECK_YYMMD0 || check == GS1_CHECK_YYYYMMDD;
}
