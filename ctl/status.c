/* SPDX-License-Identifier: Apache-2.0 */
/* status: what the station says of itself, whatever it says; and which lane is meant when none is named. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <string.h>

static const char *lane_name(const json_t *lane)
{
    return json_is_string(lane) ? json_string_value(lane) : show_string(lane, "lane");
}

static void complain_lanes(const json_t *lanes)
{
    struct buffer names = BUFFER_EMPTY;
    size_t i;
    const json_t *lane;
    json_array_foreach(lanes, i, lane)
    {
        buffer_append_text(&names, i > 0 ? ", " : "");
        show_append(&names, lane_name(lane), 60);
    }
    if (i == 0)
        ctl_complain("the station has no lane");
    else
        ctl_complain("which lane? --lane is one of: %s", buffer_text(&names));
    buffer_done(&names);
}

char *ctl_find_lane(struct ctl *ctl, enum ctl_exit *ret_exit)
{
    json_t *status = NULL;
    if (ctl->lane != NULL)
        return memory_text(ctl->lane);
    *ret_exit = client_get(ctl->client, "/api/v1/status", &status);
    if (*ret_exit != CTL_OK)
        return NULL;
    const json_t *lanes = json_object_get(status, "lanes");
    char *name = NULL;
    if (json_array_size(lanes) == 1)
        name = memory_text(lane_name(json_array_get(lanes, 0)));
    else
        complain_lanes(lanes);
    json_decref(status);
    *ret_exit = CTL_USAGE;
    return name;
}

enum ctl_exit ctl_status(struct ctl *ctl)
{
    json_t *status = NULL;
    enum ctl_exit end = client_get(ctl->client, "/api/v1/status", &status);
    if (end != CTL_OK)
        return end;
    if (ctl->json)
        ctl_print_json(status);
    else
        show_members(status, ctl_lang(ctl));
    json_decref(status);
    return CTL_OK;
}
