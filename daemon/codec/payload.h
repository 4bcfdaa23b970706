/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the codec: what each type of event adds to the common payload (15-data §3). */
#ifndef DAEMON_CODEC_PAYLOAD_H
#define DAEMON_CODEC_PAYLOAD_H

#include "daemon/codec/event.h"

#include <jansson.h>

void payload_add(json_t *data, const struct event_context *context, const struct event *event);

/* The photos of an event's unit, else of its parcel, that were taken until then. */
json_t *payload_photos(const struct event_context *context, const struct event *event);

/* Adds what one type of event has; the tables of them are in payload.c and payload_parcel.c. */
typedef void payload_adder(json_t *data, const struct event_context *context, const struct event *event);
extern payload_adder *const payload_parcel_adders[EVENT_TYPE_COUNT];

#endif
