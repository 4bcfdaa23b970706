/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by scanner_usb*.c: one device on its way from SEEN to CLOSED. */
#ifndef DRIVERS_SCANNER_USB_PRIVATE_H
#define DRIVERS_SCANNER_USB_PRIVATE_H

#include "drivers/scanner_driver.h"
#include "drivers/scanner_usb.h"
#include "drivers/usb_hid.h"

enum reader_state {
    READER_SEEN,       /* what may we take of it? */
    READER_OPEN,
    READER_CLAIM,      /* the interface, from the kernel */
    READER_DESCRIPTOR, /* asks for its report descriptor */
    READER_INIT,       /* sets it up; what it refuses does not matter */
    READER_RUN,
    READER_DRAIN,      /* waits for transfers to come back */
    READER_CLOSED,     /* until the next try */
    READER_LEFT_ALONE, /* it is not ours */
    READER_STATE_COUNT,
};

enum reader_right {
    RIGHT_NONE,      /* in a mode that we do not speak: only named */
    RIGHT_KNOWN_POS, /* not listed: only an interface that the kernel has read already and that is POS */
    RIGHT_POS,
    RIGHT_ALL, /* POS, else keyboard */
};

struct usb_scanner;

struct reader {
    struct scanner scanner; /* first: scanner_free frees it */
    struct usb_scanner *owner;
    struct reader *next;
    struct usb *usb;
    libusb_device *device;
    char port[USB_PORT_SIZE];
    struct libusb_device_descriptor ids;
    const struct scanner_profile *profile; /* or NULL */
    enum reader_right right;
    enum scanner_mode wrong_mode; /* of RIGHT_NONE */
    enum reader_state state;
    struct loop_source *step, *retry;
    struct usb_handle *handle;
    bool is_gone, is_attached, is_foreign, is_beeping;
    size_t attempt, init_step;
    int64_t run_since; /* tick */
    char why[ERROR_MESSAGE_MAX];
    struct usb_hid *hid; /* the one at hand */
    size_t hid_count, descriptor_length;
    struct usb_hid hids[USB_HID_INTERFACES_MAX];
    uint8_t descriptor[DESCRIPTOR_BYTES_MAX];
};

/* Goes to a state; why may be "". One log line. */
void reader_enter(struct reader *reader, enum reader_state state, const char *why);
/* Lets go of the device, to try again later unless it is gone or foreign. */
void reader_give_up(struct reader *reader, const char *why);
const char *reader_state_name(const struct reader *reader);
/* The interface to claim next, or NULL: what is known and best, or one that must be asked first. */
struct usb_hid *reader_choose(struct reader *reader);
/* The state INIT: runs its requests and goes to RUN. */
void reader_init(struct reader *reader);
/* Out of usb_scanner's list; the device is no longer his. */
void usb_scanner_forget(struct usb_scanner *owner, struct reader *reader);

struct reader *reader_new(struct usb_scanner *owner, struct usb *usb, struct loop *loop,
                          const struct scanner_options *options, const struct scanner_events *events);
/* What scanner_list tells of it. */
void reader_describe(const struct scanner *scanner, struct scanner_status *status);
/* False for what is nobody's business: no scanner, and no keyboard that may be one. */
bool reader_is_worth_telling(const struct reader *reader);
/* Sends an output report. */
void reader_beep(struct scanner *scanner, const uint8_t *report, size_t length);
/* Its device was unplugged; frees the reader now or when it is drained. */
void reader_leave(struct reader *reader);

#endif
