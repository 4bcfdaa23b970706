/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by mock_bus.c and mock_device.c. */
#ifndef TESTS_USB_MOCK_PRIVATE_H
#define TESTS_USB_MOCK_PRIVATE_H

#include "tests/support/fake_printer.h"
#include "tests/usb/mock_bus.h"

#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
/* The generated header of umockdev does not keep our rules. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wundef"
#include <umockdev.h>
#pragma GCC diagnostic pop

#define MOCK_REPORT_MAX 128
#define MOCK_QUEUE_MAX 64

struct mock_urb {
    struct mock_urb *next;
    UMockdevIoctlData *data, *buffer; /* touched on umockdev's thread only */
    uint64_t address;                 /* in the client */
    uint8_t type, endpoint;
    size_t buffer_length;
    bool is_done;
    int status;
    size_t reply_offset, reply_length;
    uint8_t reply[4200];
};

struct mock_report {
    size_t length;
    uint8_t bytes[MOCK_REPORT_MAX];
};

struct mock_device {
    struct mock_device *next; /* of those that are unplugged */
    struct mock_bus *bus;
    const struct mock_model *model;
    char *path, *children[2 * MOCK_INTERFACES_MAX];
    size_t child_count;
    uint8_t address;
    int master, slave;
    UMockdevIoctlBase *handler;
    GMutex lock; /* for all below */
    enum mock_fault fault;
    bool is_gone, was_busy;
    bool is_bound[MOCK_INTERFACES_MAX], is_claimed[MOCK_INTERFACES_MAX];
    struct mock_urb *urbs; /* in the order of their submission */
    struct mock_report queues[MOCK_INTERFACES_MAX][MOCK_QUEUE_MAX];
    size_t queued[MOCK_INTERFACES_MAX];
    struct fake_printer *printer;
    struct buffer answers; /* of the printer, not read yet */
    bool is_blocked;
    struct mock_count count;
};

UMockdevIoctlBase *mock_handler_new(struct mock_device *device);
/* With the lock held: ends all transfers and hangs up. */
void mock_vanish(struct mock_device *device);
/* ---- with the lock held ---- */
void mock_finish(struct mock_urb *urb, int status, size_t offset, const uint8_t *bytes, size_t length);
/* The oldest transfer that is under way there, or NULL. */
struct mock_urb *mock_waiting_on(struct mock_device *device, uint8_t endpoint);
/* Gives waiting reports to waiting transfers, and to a printer what is for it. */
void mock_match(struct mock_device *device);
void mock_print(struct mock_device *device);
/* True if it is a printer that was asked who it is. */
bool mock_tell_device_id(struct mock_device *device, struct mock_urb *urb, const uint8_t *setup, size_t wanted);
/* Once nobody asks any more. */
void mock_forget_urbs(struct mock_device *device);

#endif
