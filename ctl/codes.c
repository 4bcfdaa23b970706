/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates as JSON. */
#include "ctl/codes.h"

#include "base/memory.h"
#include "base/text.h"
#include "ctl/bytes.h"
#include "protocol/barcode/control.h"
#include "protocol/barcode/digital_link.h"
#include "protocol/barcode/gs1.h"

#include <string.h>

static const char *const classes[] = {
    [CANDIDATE_COMMAND] = "command",   [CANDIDATE_BADGE] = "badge",       [CANDIDATE_LPN] = "lpn",
    [CANDIDATE_PARCEL] = "parcel",     [CANDIDATE_CONTAINER] = "container", [CANDIDATE_LOCATION] = "location",
    [CANDIDATE_GS1] = "gs1",           [CANDIDATE_RMA] = "rma",           [CANDIDATE_ORDER] = "order",
    [CANDIDATE_SSCC] = "sscc",         [CANDIDATE_TRACKING] = "tracking", [CANDIDATE_GTIN] = "gtin",
    [CANDIDATE_TEXT] = "text",         [CANDIDATE_REFUSED] = "refused",
};
_Static_assert(COUNT_OF(classes) == CANDIDATE_CLASS_COUNT, "every class has its word");

static void set(json_t *object, const char *name, const char *value)
{
    if (value[0] != '\0')
        json_object_set_new(object, name, bytes_to_json(value, strlen(value)));
}

/* The elements behind a candidate: of its value, or of the whole code where they are too long for one. */
static bool read_elements(const struct candidate *candidate, const char *text, size_t length, struct gs1_data *ret_data)
{
    const char *reason;
    const char *value = candidate->value;
    if (value[0] != '\0')
        return gs1_parse(GS1_TOLERANT, value, strlen(value), ret_data) == GS1_OK;
    return gs1_parse(GS1_TOLERANT, text, length, ret_data) == GS1_OK ||
           digital_link_parse(text, length, ret_data, &reason) == DIGITAL_LINK_READ;
}

static json_t *elements(const struct candidate *candidate, const char *text, size_t length)
{
    struct gs1_data data = {0};
    json_t *list = json_array();
    if (!read_elements(candidate, text, length, &data))
        return list;
    for (size_t i = 0; i < data.count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "ai", data.elements[i].ai, "value",
                                              data.elements[i].value, "title", data.elements[i].row->title));
    return list;
}

static void set_command(json_t *object, enum verb verb)
{
    const struct control *control = control_of(verb);
    if (control == NULL)
        return;
    set(object, "verb", control->code);
    json_object_set_new(object, "word", json_pack("{s:s, s:s}", "en", control->word_en, "fr", control->word_fr));
}

/* Carriers' words have three letters or more; the shorter ones are data identifiers of ISO 15434. */
static const char *detail_name(const struct candidate *candidate)
{
    if (candidate->class == CANDIDATE_REFUSED)
        return "reason";
    return candidate->class == CANDIDATE_TRACKING && strlen(candidate->detail) >= 3 ? "carrier" : "detail";
}

json_t *codes_candidate(const struct candidate *candidate, const char *text, size_t length)
{
    json_t *object = json_pack("{s:s}", "class", classes[candidate->class]);
    json_object_set_new(object, "value", bytes_to_json(candidate->value, strlen(candidate->value)));
    set(object, detail_name(candidate), candidate->detail);
    set_command(object, candidate->verb);
    if (candidate->generation != 0)
        json_object_set_new(object, "generation", json_integer(candidate->generation));
    if (candidate->class == CANDIDATE_GS1)
        json_object_set_new(object, "gs1", elements(candidate, text, length));
    set(object, "gtin", candidate->gtin);
    set(object, "serial", candidate->serial);
    set(object, "lot", candidate->lot);
    set(object, "expiry", candidate->expiry);
    set(object, "sscc", candidate->sscc);
    return object;
}
