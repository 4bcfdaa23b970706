/* SPDX-License-Identifier: Apache-2.0 */
/* What a printer transport implements; only drivers/printer*.c includes it. A new transport: one file and one row
   of the scheme table in printer.c. */
#ifndef DRIVERS_PRINTER_DRIVER_H
#define DRIVERS_PRINTER_DRIVER_H

#include "base/buffer.h"
#include "drivers/printer.h"

#define PRINTER_QUERY_LIMIT_MS 300
#define PRINTER_IDENTITY_SIZE 256

struct printer_driver {
    const char *scheme; /* what the uri begins with, for instance "tcp://" */
    /* place = the uri behind the scheme. The driver's struct begins with a struct printer, which the face fills. */
    struct printer *(*open)(const char *place, struct error *err);
    void (*start)(struct printer *printer); /* the face is filled: begin on the loop */
    void (*close)(struct printer *printer); /* frees it */
    bool (*send)(struct printer *printer, const void *bytes, size_t length, struct error *err);
    bool (*query)(struct printer *printer, struct error *err);
};

struct printer {
    const struct printer_driver *driver;
    struct loop *loop;
    struct usb *usb; /* NULL: this machine has none */
    char *name; /* of loop sources and messages; ends with the printer */
    struct printer_events events;
    bool told_down;                       /* down is told once */
    char identity[PRINTER_IDENTITY_SIZE]; /* filled by the driver's open */
};

extern const struct printer_driver printer_tcp, printer_file, printer_usb;

/* Milliseconds before attempt number n (0 = the first after a loss). */
int64_t printer_backoff_ms(unsigned attempt);
/* Events; each is the last thing a handler does, for the owner may close the printer in it. */
void printer_tell_up(struct printer *printer);
void printer_tell_down(struct printer *printer, const char *reason);
void printer_tell_sent(struct printer *printer);
void printer_tell_status(struct printer *printer, const struct printer_status *status);

#endif
