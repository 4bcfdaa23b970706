/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the codec: what each type of event adds to the common payload (15-data §3). */
#ifndef DAEMON_CODEC_PAYLOAD_H
#define DAEMON_CODEC_PAYLOAD_H

#include "daemon/codec/event.h"

#include <jansson.h>

void payload_add(json_t *data, const struct event_context *context, const struct event *event);

#endif
