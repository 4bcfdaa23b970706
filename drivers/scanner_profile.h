/* SPDX-License-Identifier: Apache-2.0 */
/* Which USB devices are known to be scanners: data/scanners.conf. A device that is not there may be the operator's
   keyboard. Its lines: id, vendor:product (hexadecimal, the product may be *), kind, layout, suffix key, name.
   "-" leaves layout or suffix key to the configuration. Lines that begin with a space say more of the device above:
   prefix, suffix, gs_text, gs_key, aim, advice, quiet. */
#ifndef DRIVERS_SCANNER_PROFILE_H
#define DRIVERS_SCANNER_PROFILE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum profile_kind {
    PROFILE_POS,      /* its HID POS interface only */
    PROFILE_KEYBOARD, /* its HID POS interface, else its keyboard */
    PROFILE_SERIAL,   /* CDC; this and the following ones are modes that we do not speak */
    PROFILE_SNAPI,
    PROFILE_IBM,
    PROFILE_OTHER,
    PROFILE_KIND_COUNT,
};

struct scanner_profile {
    char id[32];
    uint16_t vendor, product;
    bool is_any_product;
    enum profile_kind kind;
    char layout[8];       /* "" = as configured */
    uint8_t suffix_usage; /* HID usage of the key that ends a scan, 0 = as configured */
    char name[120];
    char prefix[33], suffix_text[33], gs_text[33]; /* as in struct decoder_options; "" = as configured */
    uint8_t gs_usage;
    bool strip_aim;
    char advice[160]; /* what to do where it is in a wrong mode */
    char quiet[160];  /* how to silence the beep that it makes by itself */
};

struct scanner_profiles {
    struct scanner_profile *items; /* in the order of the file */
    size_t count;
};

/* One file, at most 64 KB. The error says file:line. Two lines with one id or one vendor:product are an error. */
bool scanner_profiles_load(const char *path, struct scanner_profiles *ret_profiles, struct error *err) MUST_CHECK;
void scanner_profiles_done(struct scanner_profiles *profiles);
/* The line of that very product, else the one of its vendor's any product, else NULL. */
const struct scanner_profile *scanner_profiles_find(const struct scanner_profiles *profiles, uint16_t vendor,
                                                    uint16_t product);

#endif
