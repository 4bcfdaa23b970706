/* SPDX-License-Identifier: Apache-2.0 */
/* events consumers: who reads the feed, how far behind each is, and what it has put. */
#include "ctl/client.h"
#include "ctl/show.h"

#include <inttypes.h>

static json_int_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void print(const json_t *consumer)
{
    printf("%-40s %-9s cursor %" JSON_INTEGER_FORMAT ", lag %" JSON_INTEGER_FORMAT ", put %" JSON_INTEGER_FORMAT
           " stored, %" JSON_INTEGER_FORMAT " refused, %" JSON_INTEGER_FORMAT "/s\n",
           show_string(consumer, "name"), json_is_true(json_object_get(consumer, "connected")) ? "connected" : "away",
           number(consumer, "cursor"), number(consumer, "lag"), number(consumer, "put_stored"),
           number(consumer, "put_refused"), number(consumer, "put_per_second"));
}

enum ctl_exit ctl_events_consumers(struct ctl *ctl)
{
    json_t *status = NULL;
    enum ctl_exit end = client_get(ctl->client, "/api/v1/status", &status);
    const json_t *consumers = json_object_get(status, "consumers"), *consumer;
    size_t i;
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(consumers);
    else
        json_array_foreach(consumers, i, consumer)
            print(consumer);
    json_decref(status);
    return CTL_OK;
}
