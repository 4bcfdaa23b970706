/* SPDX-License-Identifier: Apache-2.0 */
/* One function for each kind of PUT and the table that finds it. What is about goods here leaves an effect, too, which
   the station decides next (daemon/station_effects.c). */
#include "daemon/inbound_kinds.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/codec/inbound.h"
#include "daemon/codec/json.h"
#include "daemon/codec/operator.h"
#include "daemon/codec/policy.h"
#include "daemon/codec/product.h"
#include "daemon/codec/rma.h"
#include "daemon/store/effects.h"
#include "daemon/store/inbound.h"
#include "daemon/store/records.h"
#include "protocol/label/foreign.h"

#include <string.h>

/* One PUT while it is applied. */
struct apply {
    struct store *store;
    const struct inbound_put *put;
    const struct kind *kind;
    const json_t *json;
    int64_t now;
    enum inbound_code *code;
    struct error *reason;
};

typedef bool apply_fn(struct apply *apply, struct error *err);

struct kind {
    const char *word;
    enum key_right right;
    apply_fn *fn;
};

/* ---- outcomes ---- */

static void refuse(struct apply *apply, enum inbound_code code, const char *why)
{
    *apply->code = code;
    error_set(apply->reason, ERROR_INVALID, "%s", why);
}

static void set_result(struct apply *apply, enum put_result result)
{
    static const enum inbound_code codes[PUT_RESULT_COUNT] = {
        [PUT_STORED] = INBOUND_STORED,     [PUT_SAME] = INBOUND_SAME,          [PUT_OLDER] = INBOUND_OLDER,
        [PUT_CONFLICT] = INBOUND_CONFLICT, [PUT_PROTECTED] = INBOUND_CONFLICT,
    };
    *apply->code = codes[result];
    if (result == PUT_PROTECTED)
        error_set(apply->reason, ERROR_CONFLICT, "a later version is stored; version 0 does not change it");
}

/* Decoding failed: reason has said why. */
static bool invalid(struct apply *apply)
{
    *apply->code = INBOUND_INVALID;
    return true;
}

/* Whether the sender may speak of goods of this owner. Those who are limited speak of nothing that has none. */
static bool owner_allowed(struct apply *apply, const char *owner)
{
    bool limited = apply->put->owners[0] != '\0';
    if (!limited || (owner[0] != '\0' && key_owner_allowed(apply->put->owners, owner)))
        return true;
    refuse(apply, INBOUND_DENIED, "the key is for other owners");
    return false;
}

/* As owner_allowed, for what is stored under these names. */
static bool subject_allowed(struct apply *apply, const char *rma, const char *unit, const char *parcel,
                            bool *ret_allowed, struct error *err)
{
    char owner[KEY_SIZE] = "";
    if (apply->put->owners[0] != '\0' && !inbound_owner(apply->store, rma, unit, parcel, owner, err))
        return false;
    *ret_allowed = owner_allowed(apply, owner);
    return true;
}

static bool put_row(struct apply *apply, const char *key, int64_t version, bool keep, struct error *err)
{
    struct buffer body = BUFFER_EMPTY;
    json_t *known = inbound_known(apply->kind->word, apply->json);
    json_write(known, &body);
    json_decref(known);
    struct inbound_row row = {.kind = apply->kind->word,
                              .key = key,
                              .version = version,
                              .body = buffer_text(&body),
                              .keep = keep,
                              .consumer = apply->put->consumer,
                              .now = apply->now};
    enum put_result result;
    bool ok = inbound_put(apply->store, &row, &result, err);
    buffer_done(&body);
    if (ok)
        set_result(apply, result);
    return ok;
}

/* ---- RMAs ---- */

static bool put_rma(struct apply *apply, struct rma *rma, struct error *err)
{
    char before[KEY_SIZE] = "";
    if (apply->put->owners[0] != '\0' && !inbound_owner(apply->store, rma->rma, "", "", before, err))
        return false;
    if (!owner_allowed(apply, rma->owner) || (before[0] != '\0' && !owner_allowed(apply, before)))
        return true;
    struct buffer canonical = BUFFER_EMPTY;
    enum put_result result;
    rma_canonical(rma, &canonical);
    bool ok = directory_put_rma(apply->store, rma, buffer_text(&canonical), false, &result, err) &&
              inbound_cancel_rma(apply->store, rma->rma, err);
    buffer_done(&canonical);
    if (ok)
        set_result(apply, result);
    return ok;
}

static bool upsert_rma(struct apply *apply, struct error *err)
{
    struct rma rma = {0};
    if (!rma_decode(apply->json, &rma, NULL, apply->reason))
        return invalid(apply);
    bool ok = put_rma(apply, &rma, err);
    rma_done(&rma);
    return ok;
}

static bool about_rma(struct apply *apply, struct error *err)
{
    struct inbound_rma record;
    bool allowed;
    if (!inbound_rma_decode(apply->json, &record, apply->reason))
        return invalid(apply);
    if (!subject_allowed(apply, record.rma, "", "", &allowed, err))
        return false;
    if (!allowed)
        return true;
    if (!put_row(apply, record.rma, record.version, true, err))
        return false;
    if (text_equal(apply->kind->word, "rma.cancel"))
        return inbound_cancel_rma(apply->store, record.rma, err);
    return *apply->code != INBOUND_STORED || effects_release(apply->store, record.rma, record.hold, err);
}

/* ---- the directory ---- */

static bool put_product(struct apply *apply, struct product_record *record, struct error *err)
{
    enum put_result result;
    if (!owner_allowed(apply, record->product.owner))
        return true;
    if (!put_row(apply, record->product.sku, record->product.version, false, err))
        return false;
    if (*apply->code != INBOUND_STORED)
        return true;
    if (!directory_put_product(apply->store, &record->product, record->codes, record->code_count, &result, err))
        return false;
    set_result(apply, result);
    return true;
}

static bool upsert_product(struct apply *apply, struct error *err)
{
    struct product_record record = {0};
    bool ok = product_decode(apply->json, &record, NULL, apply->reason) ? put_product(apply, &record, err)
                                                                        : invalid(apply);
    product_record_done(&record);
    return ok;
}

static bool upsert_operator(struct apply *apply, struct error *err)
{
    struct operator_record record = {0};
    enum put_result result;
    if (!operator_decode(apply->json, &record, NULL, apply->reason))
        return invalid(apply);
    if (!owner_allowed(apply, ""))
        return true;
    if (!put_row(apply, record.operator.id, record.version, false, err))
        return false;
    if (*apply->code != INBOUND_STORED)
        return true;
    if (!directory_put_operator(apply->store, &record.operator, record.badge, record.version, &result, err))
        return false;
    set_result(apply, result);
    if (result == PUT_CONFLICT)
        refuse(apply, INBOUND_CONFLICT, "badge: is somebody else's");
    return true;
}

static bool upsert_policy(struct apply *apply, struct error *err)
{
    struct policy policy;
    if (!policy_decode(apply->json, &policy, NULL, apply->reason))
        return invalid(apply);
    bool ok = !owner_allowed(apply, "") || put_row(apply, policy.id, policy.version, true, err);
    policy_done(&policy);
    return ok;
}

static bool upsert_load(struct apply *apply, struct error *err)
{
    struct inbound_load load;
    if (!inbound_load_decode(apply->json, &load, apply->reason))
        return invalid(apply);
    if (!owner_allowed(apply, ""))
        return true;
    struct load record = {.expected = load.expected};
    TEXT_COPY(record.code, load.id);
    TEXT_COPY(record.sscc, load.sscc);
    TEXT_COPY(record.carrier, load.carrier);
    return put_row(apply, load.id, load.version, false, err) &&
           (*apply->code != INBOUND_STORED || records_announce_load(apply->store, &record, err));
}

static bool upsert_place(struct apply *apply, struct error *err)
{
    struct inbound_place record;
    struct place before = {0};
    if (!inbound_place_decode(apply->json, &record, apply->reason))
        return invalid(apply);
    if (!records_place(apply->store, record.place.code, &before, err))
        return false;
    if (!owner_allowed(apply, record.place.owner) || (before.kind != PLACE_NONE && !owner_allowed(apply, before.owner)))
        return true;
    return put_row(apply, record.place.code, record.version, false, err) &&
           (*apply->code != INBOUND_STORED || records_put_place(apply->store, &record.place, err));
}

static bool raise_lpn_floor(struct apply *apply, struct error *err)
{
    struct inbound_floor record;
    if (!inbound_floor_decode(apply->json, &record, apply->reason))
        return invalid(apply);
    *apply->code = INBOUND_STORED;
    return !owner_allowed(apply, "") || inbound_raise_lpn(apply->store, record.lpn, err);
}

/* ---- what is about goods at the station ---- */

static bool put_about(struct apply *apply, const char *rma, const char *unit, const char *parcel, int64_t version,
                      bool keep, struct error *err)
{
    char key[VALUE_SIZE + 8];
    bool allowed;
    if (unit[0] != '\0')
        TEXT_FORMAT(key, "lpn/%s", unit);
    else if (parcel[0] != '\0')
        TEXT_FORMAT(key, "parcel/%s", parcel);
    else
        TEXT_FORMAT(key, "rma/%s", rma);
    return subject_allowed(apply, rma, unit, parcel, &allowed, err) &&
           (!allowed || put_row(apply, key, version, keep, err));
}

static bool put_decision(struct apply *apply, struct error *err)
{
    struct inbound_decision record;
    if (!inbound_decision_decode(apply->json, &record, apply->reason))
        return invalid(apply);
    struct effect effect = {.kind = EFFECT_DECISION, .verdict = record.verdict, .disposition = record.disposition};
    TEXT_COPY(effect.rma, record.rma);
    TEXT_COPY(effect.outcome, record.outcome);
    TEXT_COPY(effect.reason, record.reason);
    return put_about(apply, "", record.unit, record.parcel, record.version, true, err) &&
           (*apply->code != INBOUND_STORED || effects_add(apply->store, &effect, record.unit, record.parcel, err));
}

static bool put_conflict(struct apply *apply, struct error *err)
{
    struct inbound_conflict record;
    if (!inbound_conflict_decode(apply->json, &record, apply->reason))
        return invalid(apply);
    struct effect effect = {.kind = EFFECT_CONFLICT};
    TEXT_COPY(effect.rma, record.rma);
    TEXT_COPY(effect.reason, record.reason);
    if (!put_about(apply, record.rma, record.lpn, "", record.version, true, err))
        return false;
    if (*apply->code != INBOUND_STORED)
        return true;
    return record.lpn[0] != '\0' ? effects_add(apply->store, &effect, record.lpn, "", err)
                                 : effects_add_line(apply->store, &effect, record.line, err);
}

static bool put_zpl(struct apply *apply, struct error *err)
{
    struct inbound_zpl record;
    if (!inbound_zpl_decode(apply->json, &record, apply->reason) || !zpl_check_foreign(record.zpl, apply->reason))
        return invalid(apply);
    return put_about(apply, "", record.unit, "", record.version, false, err) &&
           (*apply->code != INBOUND_STORED ||
            carriers_put(apply->store, record.unit, record.zpl, record.dpi, err));
}

/* ---- the table ---- */

static const struct kind kinds[] = {
    {"rma.upsert", KEY_PUT, upsert_rma},         {"rma.cancel", KEY_PUT, about_rma},
    {"rma.release", KEY_DECIDE, about_rma},      {"policy.upsert", KEY_PUT, upsert_policy},
    {"product.upsert", KEY_PUT, upsert_product}, {"operator.upsert", KEY_PUT, upsert_operator},
    {"load.upsert", KEY_PUT, upsert_load},       {"place.upsert", KEY_PUT, upsert_place},
    {"decision", KEY_DECIDE, put_decision},      {"conflict", KEY_DECIDE, put_conflict},
    {"label.zpl", KEY_DECIDE, put_zpl},          {"lpn_floor", KEY_PUT, raise_lpn_floor},
};

static const struct kind *find_kind(const struct frame *word)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strlen(kinds[i].word) == word->length && memcmp(kinds[i].word, word->bytes, word->length) == 0)
            return &kinds[i];
    return NULL;
}

bool inbound_apply(struct store *store, const struct inbound_put *put, int64_t now, enum inbound_code *ret_code,
                   struct error *reason, struct error *err)
{
    struct apply apply = {.store = store, .put = put, .kind = find_kind(&put->kind), .now = now, .code = ret_code,
                          .reason = reason};
    if (apply.kind == NULL) {
        refuse(&apply, INBOUND_INVALID, "no such kind of PUT");
        return true;
    }
    if ((put->rights & 1U << apply.kind->right) == 0) {
        refuse(&apply, INBOUND_DENIED, "the key has no right to this kind of PUT");
        return true;
    }
    CLEANUP(json_free_at) json_t *json = json_read(put->body.bytes, put->body.length, 1, reason);
    if (json == NULL)
        return invalid(&apply);
    apply.json = json;
    return inbound_note_told(store, err) && apply.kind->fn(&apply, err);
}
