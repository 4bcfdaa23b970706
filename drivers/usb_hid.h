/* SPDX-License-Identifier: Apache-2.0 */
/* The HID interfaces of a device, as far as they can be known without touching it. */
#ifndef DRIVERS_USB_HID_H
#define DRIVERS_USB_HID_H

#include "protocol/hid/descriptor.h"

#include <libusb.h>

#define USB_HID_INTERFACES_MAX 8

struct usb_hid {
    uint8_t number, subclass, protocol;
    uint8_t endpoint;           /* interrupt IN */
    uint16_t descriptor_length; /* of the report descriptor, as the device announces it */
    uint32_t usage;             /* top-level usage of the report descriptor, 0 = not known */
    bool was_asked;             /* the device itself, by whoever holds this */
    size_t known_length;        /* 0, or the descriptor that the kernel has read */
    uint8_t known[DESCRIPTOR_BYTES_MAX];
};

/* Interfaces of class HID with an interrupt IN endpoint, in the order of their numbers; reads the descriptors that
   the kernel keeps, and nothing else. port as of usb_port_format. */
size_t usb_hid_list(libusb_device *device, const char *port, struct usb_hid list[USB_HID_INTERFACES_MAX]);
/* What a scanner may be: 2 = HID POS, 1 = keyboard, 0 = neither, such as a maker's own interface. */
int usb_hid_rank(uint32_t usage);

#endif
