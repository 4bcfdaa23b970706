/* SPDX-License-Identifier: Apache-2.0 */
/* The common face of all printers: picks the transport by the uri's scheme. */
#include "drivers/printer.h"

#include "base/memory.h"
#include "drivers/printer_driver.h"

#include <stdlib.h>
#include <string.h>

static const struct printer_driver *const drivers[] = {&printer_tcp, &printer_file, &printer_usb};

static const int64_t backoff_ms[] = {250, 1000, 3000, 10000};

static const struct printer_driver *find_driver(const char *uri)
{
    for (size_t i = 0; i < COUNT_OF(drivers); i++)
        if (strncmp(uri, drivers[i]->scheme, strlen(drivers[i]->scheme)) == 0)
            return drivers[i];
    return NULL;
}

struct printer *printer_open(struct loop *loop, struct usb *usb, const char *name, const char *uri,
                             const struct printer_events *events, struct error *err)
{
    const struct printer_driver *driver = find_driver(uri);
    if (driver == NULL) {
        error_set(err, ERROR_INVALID, "printer %s: \"%s\" is neither tcp://address:port, usb://port nor file:DIRECTORY",
                  name, uri);
        return NULL;
    }
    struct printer *printer = driver->open(uri + strlen(driver->scheme), err);
    if (printer == NULL) {
        error_prefix(err, "printer %s", name);
        return NULL;
    }
    printer->driver = driver;
    printer->loop = loop;
    printer->usb = usb;
    printer->name = memory_text(name);
    printer->events = *events;
    driver->start(printer);
    return printer;
}

struct printer *printer_close(struct printer *printer)
{
    if (printer == NULL)
        return NULL;
    char *name = printer->name;
    printer->driver->close(printer);
    free(name); /* the loop's sources had it until now */
    return NULL;
}

bool printer_send(struct printer *printer, const void *bytes, size_t length, struct error *err)
{
    return printer->driver->send(printer, bytes, length, err) || error_prefix(err, "printer %s", printer->name);
}

bool printer_query(struct printer *printer, struct error *err)
{
    return printer->driver->query(printer, err) || error_prefix(err, "printer %s", printer->name);
}

const char *printer_identity(const struct printer *printer)
{
    return printer->identity;
}

int64_t printer_backoff_ms(unsigned attempt)
{
    return backoff_ms[attempt < COUNT_OF(backoff_ms) ? attempt : COUNT_OF(backoff_ms) - 1];
}

void printer_tell_up(struct printer *printer)
{
    printer->told_down = false;
    printer->events.up(printer->events.context);
}

void printer_tell_down(struct printer *printer, const char *reason)
{
    if (printer->told_down)
        return;
    printer->told_down = true;
    printer->events.down(printer->events.context, reason);
}

void printer_tell_sent(struct printer *printer)
{
    printer->events.sent(printer->events.context);
}

void printer_tell_status(struct printer *printer, const struct printer_status *status)
{
    printer->events.status(printer->events.context, status);
}
