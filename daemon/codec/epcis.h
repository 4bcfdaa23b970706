/* SPDX-License-Identifier: Apache-2.0 */
/* What physically happened, as an EPCIS 2.0 document for a repository (ISO/IEC 19987, its JSON binding). */
#ifndef DAEMON_CODEC_EPCIS_H
#define DAEMON_CODEC_EPCIS_H

#include "daemon/codec/event.h"

#include <jansson.h>

#define EPCIS_URI_DEFAULT "https://returns.invalid" /* RFC 2606: nobody's */

/* The document of an event with its sequence; null where nothing physical happened. A correction is the document of
   the event it corrects (context->original) with an errorDeclaration. */
json_t *epcis_document(const struct event_context *context, const struct event *event, int64_t sequence);

#endif
