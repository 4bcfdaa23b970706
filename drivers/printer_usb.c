/* SPDX-License-Identifier: Apache-2.0 */
/* Printers on USB (printer class 1.1): claimed once and kept, so that no open stands in front of a label. The interface
   is taken from the kernel's usblp, which gets it back when it is let go. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/printer_dialog.h"
#include "drivers/usb.h"
#include "protocol/printer/device_id.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CLASS_PRINTER 7
#define SUBCLASS_PRINTER 1
#define PROTOCOL_LAST 2 /* 1 one way, 2 both ways; 3 is packets of IEEE 1284.4 */
#define IN_FROM_INTERFACE 0xA1
#define GET_DEVICE_ID 0
#define DEVICE_ID_MAX 1024
#define DEVICE_ID_LIMIT_MS 2000
#define CHUNK 4096          /* so that a slow printer is seen to move */
#define CHUNK_LIMIT_MS 15000 /* as a TCP printer's that acknowledges nothing */
#define ASKED_MAX 4          /* times, of a device that may be somebody else's */
#define READ_MAX 1024       /* a multiple of every packet size of bulk endpoints */
#define EMPTY_MS 50         /* some printers answer "nothing" at once, for ever */

enum rank { RANK_PORT, RANK_SERIAL, RANK_MODEL };

enum link {
    LINK_AWAY,   /* no device */
    LINK_OFF,    /* a device that is not open: until the next attempt */
    LINK_ASKING, /* open, asked what it is */
    LINK_UP,
};

struct usb_printer {
    struct printer face; /* first: a struct printer * is a struct usb_printer * */
    char port[USB_PORT_SIZE], model[64], serial[48]; /* wanted; "" = any */
    struct usb_watch *watch;
    enum link link;
    libusb_device *device;
    char place[USB_PORT_SIZE]; /* the device's */
    int number;                /* of its printer interface */
    uint8_t out, in;           /* endpoints; in 0 = it never answers */
    struct usb_handle *handle;
    struct loop_source *attempt; /* timer: the next try to open */
    struct loop_source *flush;   /* work: label and query queued in one turn leave in one transfer */
    struct loop_source *read;    /* timer: the next read of a printer that had nothing */
    bool is_writing;
    unsigned attempts;
    struct printer_dialog dialog;
};

static struct usb_printer *usb_of(struct printer *printer)
{
    return (struct usb_printer *)printer;
}

/* ---- place: "1-1.4" is a port, anything else "MODEL" or "MODEL/SERIAL" ---- */

static bool is_port(const char *place)
{
    size_t bus = strspn(place, "0123456789");
    const char *ports = place + bus + 1;
    return bus > 0 && place[bus] == '-' && ports[0] != '\0' && strspn(ports, "0123456789.") == strlen(ports);
}

static bool split_place(struct usb_printer *usb, const char *place)
{
    if (is_port(place))
        return text_copy(usb->port, sizeof usb->port, place);
    const char *slash = strrchr(place, '/');
    size_t length = slash != NULL ? (size_t)(slash - place) : strlen(place);
    return length > 0 && text_copy_bytes(usb->model, sizeof usb->model, place, length) &&
           text_copy(usb->serial, sizeof usb->serial, slash != NULL ? slash + 1 : "");
}

/* ---- the device ---- */

/* Out is needed, in is not. */
static bool take_endpoints(struct usb_printer *usb, const struct libusb_interface_descriptor *interface)
{
    uint8_t out = 0, in = 0;
    bool is_printer = interface->bInterfaceClass == CLASS_PRINTER &&
                      interface->bInterfaceSubClass == SUBCLASS_PRINTER &&
                      interface->bInterfaceProtocol <= PROTOCOL_LAST;
    for (int i = 0; is_printer && i < interface->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];
        bool is_in = (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0;
        if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) == LIBUSB_TRANSFER_TYPE_BULK)
            *(is_in ? &in : &out) = endpoint->bEndpointAddress;
    }
    if (out == 0)
        return false;
    usb->number = interface->bInterfaceNumber;
    usb->out = out;
    usb->in = in;
    return true;
}

static bool take_interface(struct usb_printer *usb, libusb_device *device)
{
    struct libusb_config_descriptor *config = NULL;
    bool found = false;
    if (libusb_get_active_config_descriptor(device, &config) != 0)
        return false;
    for (int i = 0; i < config->bNumInterfaces && !found; i++)
        found = config->interface[i].num_altsetting > 0 && take_endpoints(usb, &config->interface[i].altsetting[0]);
    libusb_free_config_descriptor(config);
    return found;
}

static void close_handle(struct usb_printer *usb)
{
    if (usb->handle != NULL)
        usb_close(usb->handle, NULL);
    usb->handle = NULL;
    usb->is_writing = false;
    loop_set_timer(usb->read, INT64_MAX);
    dialog_reset(&usb->dialog);
}

static void let_go(struct usb_printer *usb)
{
    close_handle(usb);
    loop_set_timer(usb->attempt, INT64_MAX);
    if (usb->device != NULL)
        libusb_unref_device(usb->device);
    usb->device = NULL;
    usb->link = LINK_AWAY;
}

/* The device is still there, so it is tried again. Last in its handler: the owner may close the printer in the event.
 */
static void lose(struct usb_printer *usb, const char *reason)
{
    if (usb->dialog.heard)
        usb->attempts = 0;
    close_handle(usb);
    usb->link = LINK_OFF;
    loop_set_timer(usb->attempt, clock_read().tick + printer_backoff_ms(usb->attempts++));
    printer_tell_down(&usb->face, reason);
}

/* It is not ours, or does not say so. */
static void decline(struct usb_printer *usb)
{
    libusb_device *device = usb->device; /* the list of devices has a reference of its own */
    let_go(usb);
    usb_watch_decline(usb->watch, device);
}

/* Before it has said what it is: it must not stand in the way of the right one for ever. */
static void give_up(struct usb_printer *usb, const char *reason)
{
    if (usb->port[0] == '\0' && usb->attempts >= ASKED_MAX)
        decline(usb);
    else
        lose(usb, reason);
}

/* ---- writing ---- */

static void write_next(struct usb_printer *usb);

/* What a failed transfer had taken is not known; the spool asks the printer. */
static void on_written(void *context, const struct usb_result *result)
{
    struct usb_printer *usb = context;
    usb->is_writing = false;
    dialog_written(&usb->dialog, result->length);
    if (result->status == LIBUSB_TRANSFER_COMPLETED)
        write_next(usb);
    else
        lose(usb, result->status == LIBUSB_TRANSFER_TIMED_OUT ? "the printer takes no bytes"
                                                              : usb_status_text(result->status));
}

static void write_next(struct usb_printer *usb)
{
    const struct buffer *output = &usb->dialog.output;
    struct error err = {0};
    if (usb->link != LINK_UP || usb->is_writing || output->length == 0)
        return;
    size_t length = output->length < CHUNK ? output->length : CHUNK;
    usb->is_writing = usb_bulk(usb->handle, usb->out, output->data, length, CHUNK_LIMIT_MS, on_written, &err);
    if (!usb->is_writing)
        lose(usb, err.message);
}

static void on_flush(void *context)
{
    write_next(context);
}

/* ---- reading ---- */

static void on_read(void *context, const struct usb_result *result);

/* False: the connection is lost, and told so. */
static bool read_next(struct usb_printer *usb)
{
    struct error err = {0};
    if (usb->in == 0 || usb_bulk(usb->handle, usb->in, NULL, READ_MAX, 0, on_read, &err))
        return true;
    lose(usb, err.message);
    return false;
}

static void on_read_timer(void *context)
{
    struct usb_printer *usb = context;
    if (usb->link == LINK_UP)
        read_next(usb);
}

static void on_read(void *context, const struct usb_result *result)
{
    struct usb_printer *usb = context;
    if (result->status != LIBUSB_TRANSFER_COMPLETED && result->status != LIBUSB_TRANSFER_OVERFLOW)
        lose(usb, usb_status_text(result->status));
    else if (result->length == 0)
        loop_set_timer(usb->read, clock_read().tick + EMPTY_MS);
    else if (read_next(usb))
        dialog_received(&usb->dialog, result->bytes, result->length);
}

/* ---- who it is ---- */

static void go_up(struct usb_printer *usb, const struct device_id *id)
{
    bool is_anywhere = usb->serial[0] != '\0';
    TEXT_FORMAT(usb->face.identity, "usb:%s/%s/%s", is_anywhere ? "" : usb->place, id->model, id->serial);
    usb->link = LINK_UP;
    printer_tell_up(&usb->face);
}

static bool is_wanted(const struct usb_printer *usb, const struct device_id *id)
{
    bool is_right_serial = usb->serial[0] == '\0' || strcasecmp(usb->serial, id->serial) == 0;
    return usb->port[0] != '\0' || (id->speaks_zpl && is_right_serial && strcasestr(id->model, usb->model) != NULL);
}

/* Whoever named the port may be believed about a printer that does not say what it is. */
static void on_id(void *context, const struct usb_result *result)
{
    struct usb_printer *usb = context;
    struct device_id id = {0};
    enum libusb_transfer_status status = result->status;
    if (status == LIBUSB_TRANSFER_COMPLETED)
        (void)device_id_parse(result->bytes, result->length, &id); /* what is not told stays "" */
    bool is_answered = status == LIBUSB_TRANSFER_COMPLETED || status == LIBUSB_TRANSFER_STALL;
    if (status == LIBUSB_TRANSFER_NO_DEVICE || (!is_answered && usb->port[0] == '\0')) {
        give_up(usb, usb_status_text(result->status));
    } else if (!is_wanted(usb, &id)) {
        decline(usb);
    } else if (id.has_commands && !id.speaks_zpl) {
        close_handle(usb);
        usb->link = LINK_OFF; /* until another one is plugged in */
        printer_tell_down(&usb->face, "it does not speak ZPL");
    } else if (read_next(usb)) {
        go_up(usb, &id);
    }
}

static void on_attempt(void *context)
{
    struct usb_printer *usb = context;
    struct error err = {0};
    struct usb_request request = {.type = IN_FROM_INTERFACE, .request = GET_DEVICE_ID, .length = DEVICE_ID_MAX,
                                  .index = (uint16_t)(usb->number << 8)};
    if (usb->face.usb == NULL) {
        printer_tell_down(&usb->face, "this machine has no USB");
        return;
    }
    if (usb->link != LINK_OFF)
        return;
    usb->link = LINK_ASKING;
    usb->handle = usb_open(usb->face.usb, usb->device, usb, &err);
    if (usb->handle == NULL || !usb_claim(usb->handle, usb->number, &err) ||
        !usb_control(usb->handle, &request, DEVICE_ID_LIMIT_MS, on_id, &err))
        give_up(usb, err.message);
}

/* ---- hotplug ---- */

static bool offered(void *context, libusb_device *device, const char *port)
{
    struct usb_printer *usb = context;
    bool is_free = usb->link == LINK_AWAY && (usb->port[0] == '\0' || text_equal(usb->port, port));
    if (!is_free || !take_interface(usb, device))
        return false;
    usb->device = libusb_ref_device(device);
    TEXT_COPY(usb->place, port);
    usb->link = LINK_OFF;
    usb->attempts = 0;
    loop_set_timer(usb->attempt, clock_read().tick);
    return true;
}

static void left(void *context, libusb_device *device)
{
    struct usb_printer *usb = context;
    if (usb->device != device)
        return;
    let_go(usb);
    printer_tell_down(&usb->face, "unplugged");
}

/* ---- the driver ---- */

static struct printer *open_usb(const char *place, struct error *err)
{
    struct usb_printer *usb = memory_new(1, sizeof *usb);
    if (split_place(usb, place)) {
        TEXT_FORMAT(usb->face.identity, "usb:%s", place);
        return &usb->face;
    }
    error_set(err, ERROR_INVALID, "\"usb://%s\" is neither usb://BUS-PORT nor usb://MODEL/SERIAL", place);
    free(usb);
    return NULL;
}

static void start_usb(struct printer *printer)
{
    struct usb_printer *usb = usb_of(printer);
    struct usb_watch_events events = {.offered = offered, .left = left, .context = usb};
    enum rank rank = usb->port[0] != '\0' ? RANK_PORT : usb->serial[0] != '\0' ? RANK_SERIAL : RANK_MODEL;
    usb->attempt = loop_add_timer(printer->loop, "printer open", LOOP_NORMAL, on_attempt, usb);
    usb->flush = loop_add_work(printer->loop, "printer write", LOOP_NORMAL, on_flush, usb);
    usb->read = loop_add_timer(printer->loop, "printer read", LOOP_NORMAL, on_read_timer, usb);
    dialog_start(&usb->dialog, printer);
    if (printer->usb != NULL)
        usb->watch = usb_watch_new(printer->usb, (int)rank, &events);
    else
        loop_set_timer(usb->attempt, clock_read().tick);
}

static void close_usb(struct printer *printer)
{
    struct usb_printer *usb = usb_of(printer);
    usb_watch_free(usb->watch);
    let_go(usb);
    loop_remove(usb->attempt);
    loop_remove(usb->flush);
    loop_remove(usb->read);
    dialog_done(&usb->dialog);
    free(usb);
}

static bool is_up(const struct usb_printer *usb, struct error *err)
{
    return usb->link == LINK_UP || error_set(err, ERROR_BUSY, "not connected");
}

static bool send_usb(struct printer *printer, const void *bytes, size_t length, struct error *err)
{
    struct usb_printer *usb = usb_of(printer);
    loop_post(usb->flush);
    return is_up(usb, err) && dialog_send(&usb->dialog, bytes, length, err);
}

static bool query_usb(struct printer *printer, struct error *err)
{
    struct usb_printer *usb = usb_of(printer);
    loop_post(usb->flush);
    return is_up(usb, err) && dialog_query(&usb->dialog, err);
}

const struct printer_driver printer_usb = {
    .scheme = "usb://",
    .open = open_usb,
    .start = start_usb,
    .close = close_usb,
    .send = send_usb,
    .query = query_usb,
};
