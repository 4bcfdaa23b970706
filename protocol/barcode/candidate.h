/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanned code may mean. Patterns alone mislead, so a scan gives an ordered list and the database decides. */
#ifndef PROTOCOL_BARCODE_CANDIDATE_H
#define PROTOCOL_BARCODE_CANDIDATE_H

#include <stdint.h>

enum candidate_class {
    CANDIDATE_COMMAND,   /* a control card: verb is set */
    CANDIDATE_BADGE,     /* value = operator id */
    CANDIDATE_LPN,       /* value = "LP" (training: "LPT") + station + sequence, generation is set */
    CANDIDATE_PARCEL,    /* our own parcel label: value = "PX" + station + sequence (12 characters) */
    CANDIDATE_CONTAINER, /* value = container code */
    CANDIDATE_LOCATION,  /* value = location code */
    CANDIDATE_GS1,       /* gtin, serial, lot, expiry, sscc as found; value = the element string */
    CANDIDATE_RMA,       /* fits a configured RMA pattern */
    CANDIDATE_ORDER,     /* fits a configured order pattern */
    CANDIDATE_SSCC,      /* value = 18 digits */
    CANDIDATE_TRACKING,  /* value = the carrier's number, normalised; detail = carrier */
    CANDIDATE_GTIN,      /* value = as scanned; gtin = 14 digits */
    CANDIDATE_TEXT,      /* the whole text: an SKU, a serial, anything that a table may know */
    CANDIDATE_REFUSED,   /* recognised, but wrong: detail says why ("check_digit", "compressed", "too_long", …) */
    CANDIDATE_CLASS_COUNT,
};

/* Control verbs (10-domain §7). Card words are what people read; verbs are what cards carry. */
enum verb {
    VERB_NONE,
    VERB_OK, VERB_UNDO, VERB_HELP, VERB_INFO, VERB_NEXT, VERB_CLOSE, VERB_REOPEN, VERB_DROP, VERB_HOLD, VERB_LINK,
    VERB_REPRINT, VERB_LOGOUT, VERB_SUPER, VERB_PHOTO, VERB_NON, VERB_OTHER, VERB_NOCODE, VERB_LIKE, VERB_DOCK,
    VERB_BENCH, VERB_TRUCK, VERB_COUNT_ITEMS, VERB_TOTE,
    VERB_GRADE_A, VERB_GRADE_B, VERB_GRADE_C, VERB_GRADE_D, VERB_GRADE_E,
    VERB_RESELL, VERB_RESELL_B, VERB_REFURBISH, VERB_PARTS, VERB_LIQUIDATE, VERB_DONATE, VERB_RECYCLE, VERB_DESTROY,
    VERB_QUARANTINE, VERB_RETURN_TO_VENDOR, VERB_RETURN_TO_CUSTOMER, VERB_FORWARD,
    VERB_LOST, VERB_VOID, VERB_NOTIN, VERB_BROKEN, VERB_REFUSE, VERB_UNSEEN,
    VERB_QUANTITY_2, VERB_QUANTITY_3, VERB_QUANTITY_4, VERB_QUANTITY_5, VERB_QUANTITY_10,
    VERB_OPTION_1, VERB_OPTION_2, VERB_OPTION_3, VERB_OPTION_4, VERB_OPTION_5, VERB_OPTION_6, VERB_OPTION_7,
    VERB_OPTION_8, VERB_OPTION_9,
    VERB_DIGIT_0, VERB_DIGIT_1, VERB_DIGIT_2, VERB_DIGIT_3, VERB_DIGIT_4, VERB_DIGIT_5, VERB_DIGIT_6, VERB_DIGIT_7,
    VERB_DIGIT_8, VERB_DIGIT_9,
    VERB_COUNT,
};

#define CANDIDATE_VALUE_SIZE 121 /* longer codes are no key of anything: CANDIDATE_REFUSED "too_long" */
#define CANDIDATES_MAX 16

struct candidate {
    enum candidate_class class;
    enum verb verb;
    uint8_t generation;
    char value[CANDIDATE_VALUE_SIZE];
    char detail[33];
    char gtin[15];   /* 14 digits, or "" */
    char serial[33]; /* AI 21, or "" */
    char lot[33];    /* AI 10, or "" */
    char expiry[11]; /* AI 17 as YYYY-MM-DD, or "" */
    char sscc[19];   /* AI 00, or "" */
};

#endif
