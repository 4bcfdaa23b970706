/* SPDX-License-Identifier: Apache-2.0 */
/* The ERP of a shift: what it gives, what it answers, what it decides, and how that takes place at the station. */
#include "tests/golden/shift.h"

#include "daemon/codec/rma.h"
#include "daemon/inbound_kinds.h"

void erp_store(struct shift *shift, const json_t *rma)
{
    struct house *house = &shift->house;
    struct rma decoded;
    enum put_result result = PUT_RESULT_COUNT;
    if (rma_decode(rma, &decoded, NULL, &house->err)) {
        struct buffer content = BUFFER_EMPTY;
        rma_canonical(&decoded, &content);
        HOUSE_MUST(house, store_begin(house->store, &house->err));
        HOUSE_MUST(house,
                   directory_put_rma(house->store, &decoded, buffer_text(&content), false, &result, &house->err));
        HOUSE_MUST(house, store_commit(house->store, &house->err));
        buffer_done(&content);
        rma_done(&decoded);
    }
    if (result != PUT_STORED)
        shift_fail(shift, "the RMA above is not stored: %s", house->err.message);
}

/* The RMA that has this value as its number or reference, NULL = the ERP knows none. */
static json_t *known_to_erp(struct shift *shift, const char *value)
{
    size_t i, k;
    json_t *rma, *ref;
    json_array_foreach(shift->known, i, rma) {
        if (text_equal(json_string_value(json_object_get(rma, "rma")), value))
            return rma;
        json_array_foreach(json_object_get(rma, "refs"), k, ref)
            if (text_equal(json_string_value(json_object_get(ref, "value")), value))
                return rma;
    }
    return NULL;
}

/* The ERP's answer, at once: it stores what it finds, as an rma.upsert would. */
void erp_ask(void *context, const struct lookup_value *values, size_t count, lookup_fn *answer, void *asker)
{
    struct shift *shift = context;
    json_t *rma = NULL;
    for (size_t i = 0; i < count && rma == NULL && !shift->erp_down; i++)
        rma = known_to_erp(shift, values[i].value);
    if (rma == NULL) {
        answer(asker, shift->erp_down ? LOOKUP_UNAVAILABLE : LOOKUP_NONE, "");
        return;
    }
    erp_store(shift, rma);
    answer(asker, LOOKUP_FOUND, json_string_value(json_object_get(rma, "rma")));
}

static int64_t work_left(struct shift *shift)
{
    return house_count(&shift->house, "SELECT count(*) FROM effect WHERE failed = 0 AND kind <> 'decision'");
}

void shift_settle(struct shift *shift)
{
    if (shift->station == NULL)
        return;
    station_wake_effects(shift->station);
    HOUSE_MUST(&shift->house, loop_turn(shift->loop, &shift->house.err));
    scan_print(shift);
    CU_ASSERT_EQUAL(work_left(shift), 0);
    if (house_count(&shift->house, "SELECT count(*) FROM effect WHERE failed"))
        shift_fail(shift, "an effect of the ERP failed");
}

/* unit=N and lpn=N are the Nth unit, parcel=N the Nth parcel of the story */
void erp_tells(struct shift *shift, const struct words *words)
{
    json_t *body = json_object();
    add_values(shift, body, words, 2);
    static const char *const goods[] = {"unit", "lpn", "parcel"};
    for (size_t i = 0; i < COUNT_OF(goods); i++) {
        int64_t number = json_integer_value(json_object_get(body, goods[i]));
        if (number == 0)
            continue;
        json_object_set_new(body, goods[i], json_string(i < 2 ? house_unit(&shift->house, number).lpn
                                                               : house_parcel(&shift->house, number).code));
    }
    char *text = json_dumps(body, JSON_COMPACT);
    struct inbound_put put = {.kind = frame_of_text(words->word[1]), .body = frame_of_text(text),
                              .rights = KEY_RIGHTS_ALL, .owners = "", .consumer = "erp"};
    enum inbound_code code = INBOUND_CODE_COUNT;
    struct error reason = {0};
    HOUSE_MUST(&shift->house, store_begin(shift->house.store, &shift->house.err));
    HOUSE_MUST(&shift->house,
               inbound_apply(shift->house.store, &put, shift_clock.now, &code, &reason, &shift->house.err));
    HOUSE_MUST(&shift->house, store_commit(shift->house.store, &shift->house.err));
    if (code != INBOUND_STORED)
        shift_fail(shift, "%s: %s", inbound_word(code), reason.message);
    free(text);
    json_decref(body);
    shift_settle(shift);
}
