/* SPDX-License-Identifier: Apache-2.0 */
/* The two code pages of Windows' Alt + keypad digits. Sources: Unicode's CP437.TXT and CP1252.TXT. */
#ifndef PROTOCOL_HID_CODEPAGE_H
#define PROTOCOL_HID_CODEPAGE_H

#include <stdbool.h>
#include <stdint.h>

/* What Windows types for Alt + value: with a leading zero Windows-1252, without one code page 437, above 255 Unicode.
   Values below 20h are the control characters. 0 = nothing. */
uint32_t codepage_alt(uint32_t value, bool leading_zero);

#endif
