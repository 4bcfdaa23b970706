/* SPDX-License-Identifier: Apache-2.0 */
/* The states of one device. Each entry does its work once, from the loop, and names the next state or waits. */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/scanner_usb_private.h"

#include <string.h>

#define DESCRIPTOR_TIMEOUT_MS 1000
#define TRANSFERS 4
#define EARLY_MS 200     /* what comes so early was scanned before we read */
#define RATE_MAX 100     /* scans a second */
#define STEADY_MS 10000  /* a run of this length ends the row of failures */
#define KNOWN_TRIES 8    /* how often we look whether the kernel has read a device that is not listed */
#define GET_DESCRIPTOR 0x06
#define DESCRIPTOR_REPORT 0x2200

static const int backoff_ms[] = {250, 1000, 3000, 10000};

/* ---- what may be claimed ---- */

static bool may_claim(const struct reader *reader, const struct usb_hid *hid)
{
    static const int least_rank[] = {[RIGHT_NONE] = 9, [RIGHT_KNOWN_POS] = 2, [RIGHT_POS] = 2, [RIGHT_ALL] = 1};
    return usb_hid_rank(hid->usage) >= least_rank[reader->right];
}

static bool may_ask(const struct reader *reader, const struct usb_hid *hid)
{
    return reader->right >= RIGHT_POS && hid->usage == 0 && !hid->was_asked;
}

struct usb_hid *reader_choose(struct reader *reader)
{
    struct usb_hid *best = NULL, *unknown = NULL;
    for (size_t i = reader->hid_count; i-- > 0;) { /* the first one of its rank wins */
        struct usb_hid *hid = &reader->hids[i];
        if (may_ask(reader, hid))
            unknown = hid;
        if (may_claim(reader, hid) && (best == NULL || usb_hid_rank(hid->usage) >= usb_hid_rank(best->usage)))
            best = hid;
    }
    bool is_pos = best != NULL && usb_hid_rank(best->usage) == 2;
    return is_pos || unknown == NULL ? best : unknown;
}

static bool is_undecided(const struct reader *reader)
{
    for (size_t i = 0; i < reader->hid_count; i++)
        if (reader->hids[i].usage == 0)
            return reader->attempt < KNOWN_TRIES;
    return false;
}

static void leave_alone(struct reader *reader)
{
    static const char *const reasons[] = {[RIGHT_NONE] = "a mode that is not read",
                                          [RIGHT_KNOWN_POS] = "not HID POS, and not listed",
                                          [RIGHT_POS] = "not HID POS",
                                          [RIGHT_ALL] = "neither HID POS nor a keyboard"};
    TEXT_COPY(reader->why, reasons[reader->right]);
    reader_enter(reader, READER_LEFT_ALONE, reader->why);
}

static void enter_seen(struct reader *reader)
{
    reader->hid_count = usb_hid_list(reader->device, reader->port, reader->hids);
    reader->hid = reader_choose(reader);
    if (reader->hid != NULL)
        reader_enter(reader, READER_OPEN, "");
    else if (reader->right == RIGHT_KNOWN_POS && is_undecided(reader))
        reader_enter(reader, READER_CLOSED, "not listed, and the kernel has not read it yet");
    else
        leave_alone(reader);
}

/* ---- to its descriptor ---- */

static void enter_open(struct reader *reader)
{
    struct error err = {0};
    reader->handle = usb_open(reader->usb, reader->device, reader, &err);
    if (reader->handle == NULL)
        reader_give_up(reader, err.message);
    else
        reader_enter(reader, READER_CLAIM, "");
}

static void enter_claim(struct reader *reader)
{
    struct error err = {0};
    if (!usb_claim(reader->handle, reader->hid->number, &err))
        reader_give_up(reader, err.message);
    else
        reader_enter(reader, READER_DESCRIPTOR, "");
}

static void keep_descriptor(struct reader *reader, const uint8_t *bytes, size_t length)
{
    memcpy(reader->descriptor, bytes, length);
    reader->descriptor_length = length;
}

static uint32_t top_usage(const struct reader *reader)
{
    CLEANUP(memory_free_at) struct descriptor *descriptor = memory_new(1, sizeof *descriptor);
    return descriptor_parse(descriptor, reader->descriptor, reader->descriptor_length, NULL) ? descriptor->top_usage
                                                                                             : 0;
}

static bool start_decoder(struct reader *reader, struct error *err)
{
    bool is_pos = usb_hid_rank(reader->hid->usage) == 2;
    reader->scanner.options.kind = is_pos ? DECODER_POS : DECODER_KEYBOARD;
    reader->scanner.options.vendor = reader->ids.idVendor;
    if (!scanner_start_decoder(&reader->scanner, reader->descriptor, reader->descriptor_length, err))
        return false;
    return decoder_descriptor(reader->scanner.decoder)->longest_input > 0 ||
           error_set(err, ERROR_INVALID, "no input report");
}

/* The device has told what the interface at hand is: take it, or look at another one. */
static void decide(struct reader *reader)
{
    struct error err = {0};
    struct usb_hid *choice = reader_choose(reader);
    if (choice == reader->hid && start_decoder(reader, &err)) {
        reader->init_step = 0;
        reader_enter(reader, READER_INIT, "");
    } else if (choice == reader->hid) {
        reader_give_up(reader, err.message);
    } else if (choice == NULL) {
        reader->is_foreign = true;
        reader_give_up(reader, "neither HID POS nor a listed keyboard");
    } else {
        usb_release(reader->handle, reader->hid->number);
        reader->hid = choice;
        reader_enter(reader, READER_CLAIM, "another interface");
    }
}

static void on_descriptor(void *context, const struct usb_result *result)
{
    struct reader *reader = context;
    struct usb_hid *hid = reader->hid;
    if (reader->state != READER_DESCRIPTOR)
        return;
    bool is_good = result->status == LIBUSB_TRANSFER_COMPLETED && result->length > 0;
    hid->was_asked = true;
    if (!is_good && hid->known_length == 0) {
        reader_give_up(reader, usb_status_text(result->status));
        return;
    }
    keep_descriptor(reader, is_good ? result->bytes : hid->known, is_good ? result->length : hid->known_length);
    hid->usage = top_usage(reader);
    decide(reader);
}

static void enter_descriptor(struct reader *reader)
{
    struct error err = {0};
    size_t length = reader->hid->descriptor_length;
    if (length == 0 || length > DESCRIPTOR_BYTES_MAX)
        length = DESCRIPTOR_BYTES_MAX;
    struct usb_request request = {.type = LIBUSB_ENDPOINT_IN | LIBUSB_RECIPIENT_INTERFACE, .request = GET_DESCRIPTOR,
                                  .value = DESCRIPTOR_REPORT, .index = reader->hid->number,
                                  .length = (uint16_t)length};
    if (!usb_control(reader->handle, &request, DESCRIPTOR_TIMEOUT_MS, on_descriptor, &err))
        reader_give_up(reader, err.message);
}

/* ---- at work ---- */

static void on_report(void *context, const struct usb_result *result)
{
    struct reader *reader = context;
    if (result->status == LIBUSB_TRANSFER_COMPLETED) {
        reader->attempt = 0;
        scanner_report(&reader->scanner, result->bytes, result->length);
    } else if (result->status == LIBUSB_TRANSFER_OVERFLOW) {
        log_write(LOG_WARNING, "scanner %s: a report longer than announced is lost", reader->scanner.name);
    } else if (reader->state == READER_RUN) {
        reader_give_up(reader, usb_status_text(result->status));
    }
}

static void tell_attached(struct reader *reader)
{
    char detail[200];
    const char *mode = reader->scanner.options.kind == DECODER_POS ? "HID POS" : "keyboard mode";
    TEXT_FORMAT(detail, "%s, %04x:%04x%s%s, port %s", mode, reader->ids.idVendor, reader->ids.idProduct,
                reader->profile != NULL ? ", " : "", reader->profile != NULL ? reader->profile->name : "",
                reader->port);
    reader->is_attached = true;
    scanner_tell(&reader->scanner, SCANNER_ATTACHED, detail);
}

static void enter_run(struct reader *reader)
{
    struct error err = {0};
    size_t length = decoder_descriptor(reader->scanner.decoder)->longest_input;
    reader->run_since = clock_read().tick;
    reader->scanner.early_until = reader->run_since + EARLY_MS;
    reader->is_beeping = false;
    reader->why[0] = '\0';
    if (!usb_listen(reader->handle, reader->hid->endpoint, length, TRANSFERS, on_report, &err))
        reader_give_up(reader, err.message);
    else
        tell_attached(reader);
}

/* ---- and back ---- */

static void on_closed(void *context)
{
    struct reader *reader = context;
    reader->handle = NULL;
    reader_enter(reader, READER_CLOSED, "");
}

static void enter_drain(struct reader *reader)
{
    usb_close(reader->handle, on_closed);
}

/* Half a scan is none. */
static void detach(struct reader *reader)
{
    if (scanner_drop_decoder(&reader->scanner))
        log_write(LOG_WARNING, "scanner %s: half a scan is lost", reader->scanner.name);
    if (reader->is_attached)
        scanner_tell(&reader->scanner, SCANNER_DETACHED, reader->why);
    reader->is_attached = false;
}

static void enter_closed(struct reader *reader)
{
    detach(reader);
    if (reader->is_gone) {
        scanner_free(&reader->scanner);
    } else if (reader->is_foreign) {
        reader_enter(reader, READER_LEFT_ALONE, reader->why);
    } else {
        size_t last = COUNT_OF(backoff_ms) - 1;
        loop_set_timer(reader->retry,
                       clock_read().tick + backoff_ms[reader->attempt < last ? reader->attempt : last]);
        reader->attempt++;
    }
}

static void enter_left_alone(struct reader *reader)
{
    (void)reader;
}

static const struct {
    const char *name;
    void (*enter)(struct reader *reader);
    bool may_leave; /* holds nothing: can be freed at once */
} states[] = {
    [READER_SEEN] = {"SEEN", enter_seen, true},
    [READER_OPEN] = {"OPEN", enter_open, false},
    [READER_CLAIM] = {"CLAIM", enter_claim, false},
    [READER_DESCRIPTOR] = {"DESCRIPTOR", enter_descriptor, false},
    [READER_INIT] = {"INIT", reader_init, false},
    [READER_RUN] = {"RUN", enter_run, false},
    [READER_DRAIN] = {"DRAIN", enter_drain, false},
    [READER_CLOSED] = {"CLOSED", enter_closed, true},
    [READER_LEFT_ALONE] = {"LEFT_ALONE", enter_left_alone, true},
};
_Static_assert(COUNT_OF(states) == READER_STATE_COUNT, "every state has its row");

/* What has failed once in a row is not told again. */
void reader_enter(struct reader *reader, enum reader_state state, const char *why)
{
    bool is_told = reader->attempt > 0 && state != READER_RUN;
    log_write(is_told ? LOG_DEBUG : LOG_INFO, "scanner %s: %s → %s%s%s", reader->scanner.name,
              states[reader->state].name, states[state].name, why[0] != '\0' ? ": " : "", why);
    reader->state = state;
    loop_post(reader->step);
}

void reader_give_up(struct reader *reader, const char *why)
{
    if (reader->state == READER_RUN && clock_read().tick - reader->run_since >= STEADY_MS)
        reader->attempt = 0;
    TEXT_COPY(reader->why, why);
    reader_enter(reader, reader->handle != NULL ? READER_DRAIN : READER_CLOSED, why);
}

static void on_step(void *context)
{
    struct reader *reader = context;
    states[reader->state].enter(reader);
}

static void on_retry(void *context)
{
    reader_enter(context, READER_SEEN, "again");
}

void reader_leave(struct reader *reader)
{
    reader->is_gone = true;
    if (states[reader->state].may_leave) {
        detach(reader);
        scanner_free(&reader->scanner);
    } else if (reader->state != READER_DRAIN) {
        reader_give_up(reader, "unplugged");
    }
}

static void close_reader(struct scanner *scanner)
{
    struct reader *reader = (struct reader *)scanner;
    usb_scanner_forget(reader->owner, reader);
    if (reader->handle != NULL)
        usb_close(reader->handle, NULL);
    loop_remove(reader->step);
    loop_remove(reader->retry);
    libusb_unref_device(reader->device);
}

const char *reader_state_name(const struct reader *reader)
{
    return states[reader->state].name;
}

static const struct scanner_driver driver = {
    .close = close_reader, .describe = reader_describe, .beep = reader_beep};

struct reader *reader_new(struct usb_scanner *owner, struct usb *usb, struct loop *loop,
                          const struct scanner_options *options, const struct scanner_events *events)
{
    struct reader *reader = memory_new(1, sizeof *reader);
    scanner_init(&reader->scanner, loop, options, events, &driver);
    reader->scanner.rate_max = RATE_MAX;
    reader->owner = owner;
    reader->usb = usb;
    reader->step = loop_add_work(loop, "usb scanner", LOOP_INPUT, on_step, reader);
    reader->retry = loop_add_timer(loop, "usb scanner retry", LOOP_NORMAL, on_retry, reader);
    loop_post(reader->step);
    return reader;
}
