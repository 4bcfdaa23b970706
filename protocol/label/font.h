/* SPDX-License-Identifier: Apache-2.0 */
/* How wide text comes out in a printer's scalable font 0: a careful estimate, so that what fits here fits there. */
#ifndef PROTOCOL_LABEL_FONT_H
#define PROTOCOL_LABEL_FONT_H

#include <stddef.h>
#include <stdint.h>

/* Width of one character in thousandths of the font's height. */
int font_character_width(uint32_t character);
/* Width in dots of length bytes of clean UTF-8. */
int font_width(const char *text, size_t length, int height);
/* Width in dots of the widest word of text. */
int font_word_width(const char *text, int height);
/* Bytes of text that stand on the first line of a block of that width, broken as ^FB does: at "\n", at a blank, or in a
   word that is wider than the block. *ret_next is where the next line begins. */
size_t font_line(const char *text, int height, int width, const char **ret_next);
int font_count_lines(const char *text, int height, int width);

#endif
