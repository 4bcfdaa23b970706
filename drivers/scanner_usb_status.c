/* SPDX-License-Identifier: Apache-2.0 */
/* What people are told of a device, and the beep that it gives for us. */
#include "drivers/scanner_usb_private.h"

#include "base/text.h"

#define SET_REPORT 0x09
#define OUT_TO_INTERFACE 0x21
#define REPORT_VALUE_OUTPUT 0x0200
#define IBM_PAGE 0xFF45 /* of IBM's and Toshiba's tills: hand-held and table-top scanners */

static bool has_page(const struct reader *reader, uint32_t page)
{
    for (size_t i = 0; i < reader->hid_count; i++)
        if (reader->hids[i].usage >> 16 == page)
            return true;
    return false;
}

static bool is_keyboard(const struct reader *reader)
{
    for (size_t i = 0; i < reader->hid_count; i++)
        if (reader->hids[i].usage == USAGE_KEYBOARD)
            return true;
    return false;
}

bool reader_is_worth_telling(const struct reader *reader)
{
    bool is_left = reader->state == READER_LEFT_ALONE || reader->state == READER_SEEN;
    return reader->profile != NULL || reader->right == RIGHT_ALL || !is_left || is_keyboard(reader);
}

static enum scanner_mode wrong_mode(const struct reader *reader)
{
    if (reader->wrong_mode != SCANNER_UNKNOWN || reader->state != READER_LEFT_ALONE)
        return reader->wrong_mode;
    return has_page(reader, IBM_PAGE) ? SCANNER_IBM : is_keyboard(reader) ? SCANNER_KEYBOARD : SCANNER_UNKNOWN;
}

static const char *advice_for(const struct reader *reader, enum scanner_mode wrong)
{
    bool has_advice = reader->profile != NULL && reader->profile->advice[0] != '\0';
    if (reader->state == READER_RUN)
        return "";
    if (wrong == SCANNER_KEYBOARD && reader->profile == NULL)
        return "A keyboard that is not listed is left alone. If it is a scanner, scan \"USB HID POS\" in its manual, "
               "or give its port to a scanner section of returnsd.conf.";
    if (wrong != SCANNER_UNKNOWN)
        return has_advice ? reader->profile->advice : "Scan \"USB HID POS\" or \"USB keyboard\" in its manual.";
    return reader->why;
}

void reader_describe(const struct scanner *scanner, struct scanner_status *status)
{
    const struct reader *reader = (const struct reader *)scanner;
    enum scanner_mode wrong = wrong_mode(reader);
    status->port = reader->port;
    status->vendor = reader->ids.idVendor;
    status->product = reader->ids.idProduct;
    status->state = reader_state_name(reader);
    status->advice = advice_for(reader, wrong);
    if (wrong != SCANNER_UNKNOWN)
        status->mode = scanner_modes[wrong];
    if (reader->profile != NULL) {
        status->model = reader->profile->name;
        status->quiet = reader->profile->quiet;
    }
}

/* Whatever came of it: a beep is never worth a second try. */
static void on_beeped(void *context, const struct usb_result *result)
{
    (void)result;
    struct reader *reader = context;
    reader->is_beeping = false;
}

void reader_beep(struct scanner *scanner, const uint8_t *report, size_t length)
{
    struct reader *reader = (struct reader *)scanner;
    bool uses_ids = decoder_descriptor(scanner->decoder)->uses_ids;
    struct usb_request request = {.type = OUT_TO_INTERFACE,
                                  .request = SET_REPORT,
                                  .value = (uint16_t)(REPORT_VALUE_OUTPUT | (uses_ids ? report[0] : 0)),
                                  .index = reader->hid->number,
                                  .length = (uint16_t)length,
                                  .data = report};
    if (reader->state == READER_RUN && !reader->is_beeping)
        reader->is_beeping = usb_control(reader->handle, &request, SCANNER_FEEDBACK_MS, on_beeped, NULL);
}
