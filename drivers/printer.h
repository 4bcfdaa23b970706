/* SPDX-License-Identifier: Apache-2.0 */
/* The printer interface: one driver per transport; the spool (daemon/printing) decides what the answers mean. */
#ifndef DRIVERS_PRINTER_H
#define DRIVERS_PRINTER_H

#include "base/error.h"
#include "base/loop.h"
#include "protocol/printer/status.h"

#include <stddef.h>

struct printer;
struct usb;

/* What happens to a printer, told to its owner from the loop. None is called from inside printer_open/send/query.
   printer_close is allowed inside any of them. */
struct printer_events {
    void (*up)(void *context);                       /* connected (again): nothing outstanding on this connection */
    void (*down)(void *context, const char *reason); /* connection lost or refused: bytes may or may not have arrived.
                                                        Told once until the next up, not at every attempt */
    void (*sent)(void *context); /* every byte of printer_send was accepted by the transport; not yet "printed" */
    void (*status)(void *context, const struct printer_status *status); /* an answer to printer_query, or silence */
    void *context;
};

/* uri: "tcp://address:port" (an IP address, [IPv6] or localhost: no name look-up; port 9100 unless given) or
   "file:DIRECTORY" (each label a file NNNNNN.zpl, written to a temporary name, synced, renamed) or
   "usb://PORT" ("usb://1-1.4", the printer that is plugged in there) or "usb://MODEL[/SERIAL]" (the first whose device
   id has that model and serial number, whatever the case). usb may be NULL: then no such printer is ever up.
   Connects and reconnects by itself with back-off (0.25, 1, 3, 10 s, then every 10 s).
   NULL: the uri is not understood. */
struct printer *printer_open(struct loop *loop, struct usb *usb, const char *name, const char *uri,
                             const struct printer_events *events, struct error *err) MUST_CHECK;
struct printer *printer_close(struct printer *printer);
/* Starts sending; false with ERROR_BUSY while another send is under way or the printer is down. Copies the bytes. */
bool printer_send(struct printer *printer, const void *bytes, size_t length, struct error *err) MUST_CHECK;
/* Asks for ~HS and the label counter; exactly one status event follows within 300 ms (or down). False:
   down or asked already. Asked right behind printer_send, the question leaves in the same write as the label. */
bool printer_query(struct printer *printer, struct error *err) MUST_CHECK;
/* Stable identity of the device behind the connection, for counter evidence ("tcp://127.0.0.1:9100"). */
const char *printer_identity(const struct printer *printer);

#endif
