/* SPDX-License-Identifier: Apache-2.0 */
/* What a printer says of itself on a cable: the device id of IEEE 1284, such as
   "MANUFACTURER:Zebra Technologies ;COMMAND SET:ZPL;MODEL:ZTC ZD220-203dpi ZPL;". */
#ifndef PROTOCOL_PRINTER_DEVICE_ID_H
#define PROTOCOL_PRINTER_DEVICE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_id {
    char maker[48], model[64],
        serial[48]; /* "" = not told; cut where they are too long, never with a control character */
    bool has_commands;                     /* it lists its command sets */
    bool speaks_zpl;                       /* … and ZPL is one of them */
};

/* bytes: the answer to GET_DEVICE_ID, two bytes of length and the text. A length that cannot be (some printers send it
   the wrong way round) is not believed: then all that came is text. False: there is no text. */
bool device_id_parse(const uint8_t *bytes, size_t length, struct device_id *ret_id);

#endif
