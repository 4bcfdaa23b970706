/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that GS1 puts on components of its element strings, named after the linters of its syntax dictionary.
 * Lists that other bodies keep (countries, currencies, package types) are checked for form only: a code added
 * next year must not stop a parcel today. */
#ifndef PROTOCOL_BARCODE_GS1_CHECK_H
#define PROTOCOL_BARCODE_GS1_CHECK_H

#include <stdbool.h>
#include <stddef.h>

enum gs1_check {
    GS1_CHECK_NONE,
    GS1_CHECK_CSUM,      /* last digit: modulo 10 */
    GS1_CHECK_CSUMALPHA, /* last two characters: the alphanumeric check pair */
    GS1_CHECK_GCPPOS1,   /* starts with a company prefix: four digits at least */
    GS1_CHECK_GCPPOS2,   /* the same from the second character */
    GS1_CHECK_YYMMDD,
    GS1_CHECK_YYMMD0, /* day 00: no day in particular */
    GS1_CHECK_YYYYMMDD,
    GS1_CHECK_HHMI,
    GS1_CHECK_HH,
    GS1_CHECK_MI,
    GS1_CHECK_SS,
    GS1_CHECK_ISO3166,       /* form only: three digits */
    GS1_CHECK_ISO3166999,    /* form only: three digits */
    GS1_CHECK_ISO3166ALPHA2, /* form only: two capital letters */
    GS1_CHECK_ISO4217,       /* form only: three digits */
    GS1_CHECK_ISO5218,       /* 0, 1, 2 or 9 */
    GS1_CHECK_IBAN,          /* country's form and MOD 97-10 */
    GS1_CHECK_PCENC,         /* every % has two hexadecimal digits behind it */
    GS1_CHECK_YESNO,         /* 0 or 1 */
    GS1_CHECK_ZERO,          /* zeros only */
    GS1_CHECK_NONZERO,       /* not zeros only */
    GS1_CHECK_NOZEROPREFIX,  /* no leading zero, but 0 itself */
    GS1_CHECK_HASNONDIGIT,
    GS1_CHECK_HYPHEN,        /* hyphens only */
    GS1_CHECK_WINDING,       /* 0, 1 or 9 */
    GS1_CHECK_PIECEOFTOTAL,  /* two numbers of one width, neither zero, the first not above the second */
    GS1_CHECK_POSINSEQSLASH, /* the same with a slash between and no leading zeros */
    GS1_CHECK_LATITUDE,
    GS1_CHECK_LONGITUDE,
    GS1_CHECK_IMPORTERIDX,    /* one of - 0-9 A-Z _ a-z */
    GS1_CHECK_MEDIATYPE,      /* 01–10 or 80–99 */
    GS1_CHECK_PACKAGETYPE,    /* form only: capitals and digits */
    GS1_CHECK_COUPONCODE,     /* form only: digits, the first at most 6 */
    GS1_CHECK_COUPONPOSOFFER, /* digits with their length indicators */
    GS1_CHECK_COUNT,
};

/* True if the length characters pass. */
bool gs1_check(enum gs1_check check, const char *text, size_t length);
/* True for checks whose failure is a wrong check digit (pair); dates are another kind, and so are company prefixes. */
bool gs1_check_is_sum(enum gs1_check check);
bool gs1_check_is_date(enum gs1_check check);
/* YYMMDD (day 00 = the month's last) as "YYYY-MM-DD" in target (11 bytes); false if there is no such day.
 * Years within GS1's sliding century around GS1_CHECK_YEAR: nothing that comes back is half a century away. */
#define GS1_CHECK_YEAR 2026
bool gs1_check_date(const char *yymmdd, char *target);

#endif
