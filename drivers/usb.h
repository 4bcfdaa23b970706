/* SPDX-License-Identifier: Apache-2.0 */
/* libusb inside our loop: who is plugged in, and devices that are opened, asked and let go without ever waiting.
   All of it runs on the loop's thread. Nothing here transfers synchronously, and what libusb calls back only queues
   work, so that every function below may be called from any handler of the loop. */
#ifndef DRIVERS_USB_H
#define DRIVERS_USB_H

#include "base/error.h"
#include "base/loop.h"

#include <libusb.h>
#include <stddef.h>
#include <stdint.h>

struct usb;
struct usb_watch;
struct usb_handle;

/* "2-1.4": the bus and the ports on the way; it stays the same as long as the cable stays where it is. */
#define USB_PORT_SIZE sizeof("255-255.255.255.255.255.255.255")

struct usb *usb_new(struct loop *loop, struct error *err) MUST_CHECK;
/* A machine without USB is a station all the same: then NULL, and a warning in the log. */
struct usb *usb_new_if_any(struct loop *loop);
/* Frees what is left open, too: it waits, at most a second, until the kernel has given back all transfers. Watches are
   to be freed before. Accepts NULL, returns NULL. */
struct usb *usb_free(struct usb *usb);

/* Told from the loop, never from inside usb_watch_new. A handler must not free its watch. */
struct usb_watch_events {
    /* Each device that is or comes there, once, until one takes it; true = it is mine. Whoever keeps the pointer longer
       than until `left` refs it. */
    bool (*offered)(void *context, libusb_device *device, const char *port);
    /* A device that was taken is gone. Transfers on it may have failed long before, or may fail later. */
    void (*left)(void *context, libusb_device *device);
    void *context;
};

/* Among watches the one with the lower rank is offered a device first, then the older one. */
struct usb_watch *usb_watch_new(struct usb *usb, int rank, const struct usb_watch_events *events);
/* Gives a device back that turned out to be somebody else's: it is offered to the watches behind this one. */
void usb_watch_decline(struct usb_watch *watch, const libusb_device *device);
/* Its devices stay taken: nobody else is offered them. Accepts NULL, returns NULL. */
struct usb_watch *usb_watch_free(struct usb_watch *watch);

/* port has USB_PORT_SIZE bytes. */
void usb_port_format(char *port, libusb_device *device);
/* Puts an error with libusb's words for its code. */
bool usb_error(struct error *err, int code, const char *what);

/* ---- a device that is open (usb_handle.c) ---- */

/* bytes: the data stage of an IN request, or the packet that came. */
struct usb_result {
    enum libusb_transfer_status status;
    const uint8_t *bytes;
    size_t length;
};
typedef void usb_done_fn(void *context, const struct usb_result *result);

struct usb_request {
    uint8_t type, request;
    uint16_t value, index;
    uint16_t length;     /* of the data stage */
    const uint8_t *data; /* sent by an OUT request; copied */
};

/* context goes to every function given below. */
struct usb_handle *usb_open(struct usb *usb, libusb_device *device, void *context, struct error *err) MUST_CHECK;
/* Takes the interface; detaches the kernel's driver, which gets it back when it is let go. */
bool usb_claim(struct usb_handle *handle, int number, struct error *err) MUST_CHECK;
void usb_release(struct usb_handle *handle, int number);
/* Starts a control transfer; done is called once from the loop, unless the handle is closed before. */
bool usb_control(struct usb_handle *handle, const struct usb_request *request, unsigned timeout_ms, usb_done_fn *done,
                 struct error *err) MUST_CHECK;
/* Keeps count interrupt IN transfers of length bytes under way; done is called for each in their order. After
   COMPLETED and OVERFLOW a transfer goes on by itself, after any other status it has ended. */
bool usb_listen(struct usb_handle *handle, uint8_t endpoint, size_t length, size_t count, usb_done_fn *done,
                struct error *err) MUST_CHECK;
/* Starts a bulk transfer; done is called once. To an endpoint OUT the bytes are copied, and told back is how many are
   gone; from one IN (bytes NULL) at most length come. timeout_ms 0 = none. */
bool usb_bulk(struct usb_handle *handle, uint8_t endpoint, const void *bytes, size_t length, unsigned timeout_ms,
              usb_done_fn *done, struct error *err) MUST_CHECK;
/* Cancels what is under way, lets go of what was claimed and closes, once the last transfer is back; then closed (NULL:
   nobody) is called from the loop. Until then done is called for packets that had come already, and for nothing else.
   The handle is not to be used behind this, but for a second usb_close that changes closed. */
void usb_close(struct usb_handle *handle, void (*closed)(void *context));
/* A status as words for a log. */
const char *usb_status_text(enum libusb_transfer_status status);

#endif
