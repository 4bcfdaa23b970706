/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanner is told before it is read, one request behind the other. Some QR scanners send nothing before their
   keyboard lights were set; a request that a scanner does not know does no harm. Source: HID 1.11, §7.2. */
#include "drivers/scanner_usb_private.h"

#include "base/memory.h"

#define REQUEST_TIMEOUT_MS 1000
#define OUT_TO_INTERFACE 0x21
#define IN_FROM_INTERFACE 0xA1
#define GET_REPORT 0x01
#define SET_REPORT 0x09
#define SET_IDLE 0x0A
#define SET_PROTOCOL 0x0B
#define PROTOCOL_REPORT 1
#define SUBCLASS_BOOT 1
#define REPORT_VALUE_OUTPUT 0x0200
#define REPORT_VALUE_FEATURE 0x0300
#define HONEYWELL_FEATURE 0xFE
#define FEATURE_SIZE 64

static bool is_boot(const struct reader *reader)
{
    return reader->hid->subclass == SUBCLASS_BOOT;
}

static const struct descriptor_field *find_field(const struct reader *reader, enum report_type type)
{
    const struct descriptor *descriptor = decoder_descriptor(reader->scanner.decoder);
    for (size_t i = 0; i < descriptor->field_count; i++)
        if (descriptor->fields[i].type == type)
            return &descriptor->fields[i];
    return NULL;
}

static bool has_lights(const struct reader *reader)
{
    return reader->scanner.options.kind == DECODER_KEYBOARD && find_field(reader, REPORT_OUTPUT) != NULL;
}

static bool has_honeywell_feature(const struct reader *reader)
{
    const struct descriptor *descriptor = decoder_descriptor(reader->scanner.decoder);
    bool is_honeywell = reader->ids.idVendor == 0x0536 || reader->ids.idVendor == 0x0c2e;
    for (size_t i = 0; is_honeywell && reader->hid_count > 1 && i < descriptor->field_count; i++)
        if (descriptor->fields[i].type == REPORT_FEATURE && descriptor->fields[i].id == HONEYWELL_FEATURE)
            return true;
    return false;
}

static bool always(const struct reader *reader)
{
    (void)reader;
    return true;
}

static const struct {
    bool (*applies)(const struct reader *reader);
    uint8_t type, request;
    uint16_t value, length;
} requests[] = {
    {always, OUT_TO_INTERFACE, SET_IDLE, 0, 0},
    {is_boot, OUT_TO_INTERFACE, SET_PROTOCOL, PROTOCOL_REPORT, 0},
    {has_lights, OUT_TO_INTERFACE, SET_REPORT, REPORT_VALUE_OUTPUT, 1},
    {has_honeywell_feature, IN_FROM_INTERFACE, GET_REPORT, REPORT_VALUE_FEATURE | HONEYWELL_FEATURE, FEATURE_SIZE},
};

/* All lights off; the id goes in front where the device uses ids. */
static void fill_lights(const struct reader *reader, struct usb_request *request, uint8_t data[2])
{
    uint8_t id = find_field(reader, REPORT_OUTPUT)->id;
    data[0] = id;
    request->data = data;
    request->value = (uint16_t)(REPORT_VALUE_OUTPUT | id);
    request->length = id != 0 ? 2 : 1;
}

static void on_done(void *context, const struct usb_result *result)
{
    struct reader *reader = context;
    if (reader->state != READER_INIT)
        return;
    if (result->status == LIBUSB_TRANSFER_NO_DEVICE) {
        reader_give_up(reader, usb_status_text(result->status));
        return;
    }
    reader->init_step++;
    reader_init(reader);
}

void reader_init(struct reader *reader)
{
    struct error err = {0};
    uint8_t data[2] = {0};
    while (reader->init_step < COUNT_OF(requests) && !requests[reader->init_step].applies(reader))
        reader->init_step++;
    if (reader->init_step == COUNT_OF(requests)) {
        reader_enter(reader, READER_RUN, "");
        return;
    }
    size_t step = reader->init_step;
    struct usb_request request = {.type = requests[step].type, .request = requests[step].request,
                                  .value = requests[step].value, .length = requests[step].length,
                                  .index = reader->hid->number};
    if (request.request == SET_REPORT)
        fill_lights(reader, &request, data);
    if (!usb_control(reader->handle, &request, REQUEST_TIMEOUT_MS, on_done, &err))
        reader_give_up(reader, err.message);
}
