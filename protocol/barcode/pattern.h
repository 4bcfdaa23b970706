/* SPDX-License-Identifier: Apache-2.0 */
/* A small pattern language for codes, for people who configure a station and for our table of carriers.
 *
 *   #        a digit                  @        a letter A–Z
 *   ?        a letter or a digit      [5-9X]   one character of the set
 *   {3} {2,6} {8,}                    as often as that (behind one of the above or a character)
 *   *        the rest, at least one character; only at the end
 *   \x       the character x itself, whatever it means elsewhere
 *   other    itself; letters match both cases
 * Counts take all they can and give nothing back, so a match costs one walk over the text.
 * A pattern may start with "luhn:", "gs1:" or "mod97:": then the digits of the text (for mod97 its letters and digits)
 * must end in that check. In the carrier table ( ) enclose the carrier's number and < > the characters under the
 * check character, which stands right behind '>'. */
#ifndef PROTOCOL_BARCODE_PATTERN_H
#define PROTOCOL_BARCODE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct pattern_span {
    size_t start, end; /* both 0 if the pattern marks no such span */
};

struct pattern_match {
    struct pattern_span number;
    struct pattern_span checked;
};

/* True if the pattern describes all length characters. ret_match may be NULL; it is untouched on failure. */
bool pattern_match(const char *pattern, const char *text, size_t length, struct pattern_match *ret_match);
/* True if the pattern keeps to the language above; patterns of a configuration are checked with it before use. */
bool pattern_is_valid(const char *pattern);
/* True if every text that fits has a letter in a fixed place (such a pattern is trusted before one of digits only). */
bool pattern_needs_letter(const char *pattern);

#endif
