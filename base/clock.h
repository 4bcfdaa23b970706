/* SPDX-License-Identifier: Apache-2.0 */
/* Time as the domain uses it: UTC milliseconds for what is recorded, CLOCK_BOOTTIME milliseconds for ages and
 * deadlines. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct moment {
    int64_t now;  /* UTC milliseconds since 1970 */
    int64_t tick; /* CLOCK_BOOTTIME milliseconds: never jumps, counts suspend */
};

#define BOOT_SIZE 37
#define DAY_MS INT64_C(86400000)
#define INSTANT_SIZE sizeof("2026-11-21T10:00:00.000Z")
#define DATE_SIZE sizeof("2026-11-21")
#define DATE_NONE INT32_MIN

struct moment clock_read(void);
/* Which boot of the machine the ticks are counted from; "" if the system does not say. */
void clock_boot(char ret_boot[BOOT_SIZE]);
/* "2026-11-21T10:00:00.000Z"; target has INSTANT_SIZE bytes. */
void clock_format_instant(char *target, int64_t utc_ms);
/* RFC 3339 with a zone (Z or ±hh:mm) to UTC milliseconds; the fraction is cut to milliseconds. */
bool clock_parse_instant(const char *text, int64_t *ret_utc_ms);
/* Days since 1970-01-01 to and from "YYYY-MM-DD"; target has DATE_SIZE bytes. Dates that do not exist are refused. */
void clock_format_date(char *target, int32_t day);
bool clock_parse_date(const char *text, int32_t *ret_day);
/* The UTC day an instant is in. */
int32_t clock_day(int64_t utc_ms);

#endif
