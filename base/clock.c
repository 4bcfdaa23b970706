/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the clocks, and calendar arithmetic without a time zone database. */
#include "base/clock.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_boot(char ret_boot[BOOT_SIZE])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    char line[BOOT_SIZE] = "";
    if (file != NULL && fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    if (file != NULL)
        fclose(file);
    line[strcspn(line, "\n")] = '\0';
    text_copy(ret_boot, BOOT_SIZE, line);
}

struct moment clock_read(void)
{
    return (struct moment){.now = read_ms(CLOCK_REALTIME), .tick = read_ms(CLOCK_BOOTTIME)};
}

int32_t clock_day(int64_t utc_ms)
{
    int64_t day = utc_ms / DAY_MS;
    return (int32_t)(utc_ms % DAY_MS < 0 ? day - 1 : day);
}

/* Proleptic Gregorian calendar in whole days, years beginning in March (Howard Hinnant's method). */
static int64_t day_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_day(int64_t day, int *ret_year, int *ret_month, int *ret_day)
{
    day += 719468;
    int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    int64_t doe = day - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *ret_month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *ret_year = (int)(yoe + era * 400 + (*ret_month <= 2));
}

void clock_format_date(char *target, int32_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    char text[40];
    snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
    text_copy(target, DATE_SIZE, text);
}

void clock_format_instant(char *target, int64_t utc_ms)
{
    int32_t day = clock_day(utc_ms);
    int64_t rest = utc_ms - day * DAY_MS;
    clock_format_date(target, day);
    char text[24];
    snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", (int)(rest / 3600000), (int)(rest / 60000 % 60),
             (int)(rest / 1000 % 60), (int)(rest % 1000));
    memcpy(target + DATE_SIZE - 1, text, INSTANT_SIZE - DATE_SIZE + 1);
}

/* A field of exactly width digits at *cursor, then the separator (0 = none). */
static bool take(const char **cursor, int width, char separator, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < width; i++, (*cursor)++) {
        if (**cursor < '0' || **cursor > '9')
            return false;
        value = value * 10 + (**cursor - '0');
    }
    if (separator != 0 && *(*cursor)++ != separator)
        return false;
    *ret_value = value;
    return true;
}

static bool take_date(const char **cursor, int32_t *ret_day)
{
    int y, m, d, y2, m2, d2;
    if (!take(cursor, 4, '-', &y) || !take(cursor, 2, '-', &m) || !take(cursor, 2, 0, &d) || m < 1 || m > 12)
        return false;
    int64_t day = day_from_civil(y, m, d);
    civil_from_day(day, &y2, &m2, &d2);
    if (d < 1 || y2 != y || m2 != m || d2 != d)
        return false;
    *ret_day = (int32_t)day;
    return true;
}

bool clock_parse_date(const char *text, int32_t *ret_day)
{
    int32_t day;
    if (!take_date(&text, &day) || *text != '\0')
        return false;
    *ret_day = day;
    return true;
}

static bool take_zone(const char **cursor, int *ret_minutes)
{
    char sign = *(*cursor)++;
    *ret_minutes = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    int hours, minutes;
    if ((sign != '+' && sign != '-') || !take(cursor, 2, ':', &hours) || !take(cursor, 2, 0, &minutes) || hours > 23 ||
        minutes > 59)
        return false;
    *ret_minutes = (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool clock_parse_instant(const char *text, int64_t *ret_utc_ms)
{
    int32_t day;
    int h, m, s, zone, ms = 0;
    if (!take_date(&text, &day) || (*text != 'T' && *text != 't' && *text != ' '))
        return false;
    text++;
    if (!take(&text, 2, ':', &h) || !take(&text, 2, ':', &m) || !take(&text, 2, 0, &s) || h > 23 || m > 59 || s > 60)
        return false;
    if (*text == '.') {
        text++;
        if (*text < '0' || *text > '9')
            return false;
        for (int scale = 100; *text >= '0' && *text <= '9'; text++, scale /= 10)
            ms += (*text - '0') * scale;
    }
    if (*text == '\0' || !take_zone(&text, &zone) || *text != '\0')
        return false;
    *ret_utc_ms = day * DAY_MS + ((h * 60 + m - zone) * INT64_C(60) + s) * 1000 + ms;
    return true;
}
