/* SPDX-License-Identifier: Apache-2.0 */
/* Our own codes: licence plates, parcel labels, badges, containers, locations and control cards, written and read.
 *
 *   LPN        LP  station(3) sequence(7) generation(1–9) check(2)   LP0420001234149
 *   training   LPT station(3) sequence(7) generation(1–9) check(2)
 *   parcel     PX  station(3) sequence(7) check(2)
 *   badge      XOP operator(1–12 of 0-9 A-Z) check(2)
 *   container  XTC code(1–16 of 0-9 A-Z -) check(2)
 *   location   XLC code(1–16 of 0-9 A-Z -) check(2)
 *   command    see control.h
 * The check digits are ISO 7064 MOD 97-10 over all that stands before them. */
#ifndef PROTOCOL_BARCODE_OWN_H
#define PROTOCOL_BARCODE_OWN_H

#include "protocol/barcode/candidate.h"

#include <stdbool.h>
#include <stddef.h>

#define OWN_SIZE 22 /* the longest symbol: three letters, sixteen characters, two check digits and a NUL */
#define OWN_STATION_MAX 999u
#define OWN_SEQUENCE_MAX 9999999u
#define OWN_GENERATION_MAX 9u

enum own_result {
    OWN_FOREIGN, /* not of our shape; the candidate is untouched */
    OWN_READ,    /* class, value and verb or generation are set */
    OWN_REFUSED, /* our shape, but wrong: CANDIDATE_REFUSED with the text and "check_digit" or "generation" */
};

/* The value of a licence plate ("LP" or "LPT", station, sequence) or of a parcel label ("PX", …); target has OWN_SIZE
 * bytes. False beyond the maxima above. */
bool own_lpn(char *target, bool training, unsigned station, unsigned sequence);
bool own_parcel(char *target, unsigned station, unsigned sequence);
/* The symbol of a value as candidates carry it; target has OWN_SIZE bytes. generation is used for CANDIDATE_LPN only.
 * False if the class is none of the five with check digits, or the value or generation does not fit its form. */
bool own_encode(enum candidate_class class, const char *value, unsigned generation, char *target);
/* Reads a whole text, without regard to case; values come out in upper case. */
enum own_result own_decode(const char *text, struct candidate *ret_candidate);

#endif
