/* SPDX-License-Identifier: Apache-2.0 */
/* Scanners on USB, in HID POS or keyboard mode. A device goes SEEN, OPEN, CLAIM, DESCRIPTOR, INIT, RUN, DRAIN, CLOSED,
   and from CLOSED to SEEN again after 0.25, 1, 3, 10, 10 … s. It is told by the port that it is plugged into. */
#ifndef DRIVERS_SCANNER_USB_H
#define DRIVERS_SCANNER_USB_H

#include "drivers/scanner.h"
#include "drivers/scanner_profile.h"
#include "drivers/usb.h"

/* With options->port: takes whatever scans or types there, and is named options->name in events.
   Without: takes every device that profiles list, and every other one with a HID POS interface, but no keyboard that is
   not listed; each is told as "<options->name, at most 20 bytes of it>@<port>". Devices that come first to another
   scanner are not its own. A listed device in a mode that we do not speak is kept, too, but only to be listed.
   Options are copied; usb, loop and profiles must outlive it. Nothing need be plugged in. */
struct scanner *scanner_usb_new(struct usb *usb, struct loop *loop, const struct scanner_options *options,
                                const struct scanner_profiles *profiles, const struct scanner_events *events);

#endif
