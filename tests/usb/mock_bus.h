/* SPDX-License-Identifier: Apache-2.0 */
/* USB devices that are not there: umockdev shows them to libudev and libusb, and their transfers are answered here.
   Runs under LD_PRELOAD=libumockdev-preload.so.0. The functions are for the test's own thread. */
#ifndef TESTS_USB_MOCK_BUS_H
#define TESTS_USB_MOCK_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOCK_INTERFACES_MAX 3

struct fake_printer;

struct mock_interface {
    uint8_t interface_class, subclass, protocol; /* class 0 = HID */
    const uint8_t *descriptor;                   /* report descriptor */
    size_t descriptor_length;
    const char *device_id; /* it is a printer, which says this of itself; "" = it refuses to */
    bool is_unread; /* the kernel's HID driver has not bound to it: nothing in sysfs */
};

struct mock_model {
    uint16_t vendor, product;
    size_t interface_count;
    struct mock_interface interfaces[MOCK_INTERFACES_MAX];
};

enum mock_fault {
    FAULT_NONE,
    FAULT_STALL_ALL,        /* every control request but GET_DESCRIPTOR */
    FAULT_STALL_DESCRIPTOR,
    FAULT_SILENT,           /* no control request is ever answered */
    FAULT_BUSY_ONCE,        /* the first claim fails */
    FAULT_BUSY,             /* every claim fails */
    FAULT_DEAF,             /* output reports are never answered */
    FAULT_VANISH_OPEN,      /* gone at its first ioctl */
    FAULT_VANISH_CLAIM,
    FAULT_VANISH_DESCRIPTOR,
    FAULT_VANISH_INIT,
    FAULT_VANISH_LISTEN,    /* at the first interrupt transfer */
    FAULT_VANISH_CANCEL,    /* while it is let go */
    FAULT_LAST_WORD,        /* the first transfer that is cancelled had a report already: the one that waits */
    FAULT_COUNT,
};

/* What was done to a device since it was plugged in. */
struct mock_count {
    unsigned opened, claimed[MOCK_INTERFACES_MAX], released[MOCK_INTERFACES_MAX];
    unsigned bound_again[MOCK_INTERFACES_MAX]; /* the kernel's driver came back */
    unsigned requests;                         /* control requests but GET_DESCRIPTOR */
    unsigned outputs;                          /* output reports */
    uint8_t output[8];                         /* the last one */
    unsigned reports_lost;                     /* sent while nobody could listen */
    unsigned in_flight, most_in_flight;        /* interrupt transfers */
    unsigned interrupt_length;
    bool is_gone;
};

struct mock_bus;
struct mock_device;

/* False where umockdev's library is not preloaded; prints why. */
bool mock_is_possible(void);
struct mock_bus *mock_bus_new(void);
struct mock_bus *mock_bus_free(struct mock_bus *bus);
/* name such as "1-1" or "1-1.4"; the hub on its way is added where it is missing. The model must outlive it. */
struct mock_device *mock_plug(struct mock_bus *bus, const char *name, const struct mock_model *model,
                              enum mock_fault fault);
/* Sends a report as soon as somebody listens. length may be more than what was announced. */
void mock_send(struct mock_device *device, size_t interface, const uint8_t *bytes, size_t length);
/* The paper side of a printer, from now until it is unplugged; its owner touches it only while the device is held.
   Where its connection is to break, the cable comes out. */
void mock_printer(struct mock_device *device, struct fake_printer *printer);
void mock_hold(struct mock_device *device);
void mock_release(struct mock_device *device);
/* A printer that takes nothing by itself, or again all. */
void mock_block(struct mock_device *device, bool is_blocked);
/* … takes the one transfer that waits; false: there is none. */
bool mock_take(struct mock_device *device);
/* The transfer at the head of the interface is refused. */
void mock_stall(struct mock_device *device, size_t interface);
/* Sends nothing yet: kept for FAULT_LAST_WORD. */
void mock_prepare(struct mock_device *device, size_t interface, const uint8_t *bytes, size_t length);
/* The cable is out: transfers end, and only then the bus tells. What was counted stays readable
   until the bus is freed; every device is to be unplugged before, and closed by whoever opened it. */
void mock_unplug(struct mock_device *device);
/* As mock_unplug, but the bus tells first and the transfers end behind that. */
void mock_unplug_told_first(struct mock_device *device);
struct mock_count mock_count(struct mock_device *device);

#endif
