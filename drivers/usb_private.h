/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by usb.c and usb_handle.c: the list of transfers that came back, and of handles that are not closed yet. */
#ifndef DRIVERS_USB_PRIVATE_H
#define DRIVERS_USB_PRIVATE_H

#include "drivers/usb.h"

struct usb_transfer;

struct usb_transfers {
    libusb_context *context;
    struct loop_source *work;           /* runs usb_transfers_run */
    struct usb_transfer *first, **last; /* that came back, in their order */
    struct usb_handle *handles;         /* that are open or closing */
};

struct usb_transfers *usb_transfers_of(struct usb *usb);
/* Hands out what came back. */
void usb_transfers_run(struct usb_transfers *transfers);
/* Closes every handle; nobody is told. False while some are not closed yet. */
bool usb_transfers_close_all(struct usb_transfers *transfers);

#endif
