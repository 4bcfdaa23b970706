/* SPDX-License-Identifier: Apache-2.0 */
/* Filling the shipped templates. The unit or parcel is taken from the outcome where it changes there, else from the
 * store. */
#include "daemon/labels.h"

#include "base/memory.h"
#include "base/text.h"
#include "daemon/store/records.h"
#include "protocol/barcode/own.h"
#include "protocol/label/foreign.h"

/* What a disposition looks like on the label: word and shape say the same, so that colour is not needed. */
static const struct {
    char icon[2];
    const char *shape;
} looks[DISPOSITION_COUNT] = {
    [DISPOSITION_NONE] = {"?", "frame"},
    [DISPOSITION_RESELL] = {"A", "disc"},
    [DISPOSITION_RESELL_B] = {"B", "ring"},
    [DISPOSITION_REFURBISH] = {"R", "box"},
    [DISPOSITION_PARTS] = {"P", "box"},
    [DISPOSITION_RECYCLE] = {"C", "bars"},
    [DISPOSITION_DESTROY] = {"X", "bars"},
    [DISPOSITION_DONATE] = {"D", "disc"},
    [DISPOSITION_LIQUIDATE] = {"L", "disc"},
    [DISPOSITION_QUARANTINE] = {"Q", "frame"},
    [DISPOSITION_RETURN_TO_VENDOR] = {"V", "target"},
    [DISPOSITION_RETURN_TO_CUSTOMER] = {"K", "target"},
    [DISPOSITION_FORWARD] = {"F", "target"},
    [DISPOSITION_MISSING] = {"M", "frame"},
};

#define FIELDS_MAX 16

struct filled {
    struct label_field fields[FIELDS_MAX];
    size_t count;
    char copy[12], date[INSTANT_SIZE];
};

static void fill(struct filled *filled, const char *name, const char *value)
{
    filled->fields[filled->count++] = (struct label_field){name, value};
}

static void fill_common(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome,
                        const struct label *label, struct filled *filled)
{
    clock_format_instant(filled->date, facts->when.now);
    if (outcome->print.copy > 1)
        TEXT_FORMAT(filled->copy, "%d", outcome->print.copy);
    fill(filled, "code", label->code);
    fill(filled, "date", filled->date);
    fill(filled, "station", maker->station);
    fill(filled, "copy", filled->copy);
    fill(filled, "demo", maker->demo && !facts->rules->training ? "1" : "");
    fill(filled, "training", facts->rules->training ? "1" : "");
}

static enum language language_of(const struct facts *facts)
{
    return text_equal(facts->operator.lang, "fr") ? LANGUAGE_FR : LANGUAGE_EN;
}

static bool render(const struct label_maker *maker, const struct facts *facts, const char *name, int dpi,
                   const struct filled *filled, struct label *ret_label, struct error *err)
{
    struct label_options options = {.dpi = dpi, .lang = language_names[language_of(facts)]};
    const char *hash = label_template_hash(maker->set, name);
    ret_label->template_hash = hash != NULL ? hash : "";
    return label_render(maker->set, name, &options, filled->fields, filled->count, &ret_label->zpl, err);
}

static bool make_unit(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome,
                      int dpi, struct label *ret_label, struct error *err)
{
    const struct print_job *print = &outcome->print;
    struct unit_facts found = {0};
    if (!records_unit(maker->store, print->unit_id, &found, err))
        return false;
    const struct unit *unit = outcome->unit.unit_id == print->unit_id ? &outcome->unit : &found.unit;
    if (found.product.sku[0] == '\0' && !records_find_product(maker->store, unit->sku, &found.product, err))
        return false;
    if (!own_encode(CANDIDATE_LPN, unit->lpn, (unsigned)print->generation, ret_label->code))
        return error_set(err, ERROR_INVALID, "LPN %s", unit->lpn);
    char key[64];
    TEXT_FORMAT(key, "disposition.%s", name_of(&disposition_names, (int)unit->disposition));
    enum language language = language_of(facts);
    struct filled filled = {0};
    fill_common(maker, facts, outcome, ret_label, &filled);
    fill(&filled, "disposition", catalog_word(maker->catalog, language, key));
    fill(&filled, "icon", looks[unit->disposition].icon);
    fill(&filled, "shape", looks[unit->disposition].shape);
    fill(&filled, "rma", unit->rma);
    fill(&filled, "sku", unit->sku);
    const char *name = language == LANGUAGE_FR ? found.product.name_fr : found.product.name_en;
    char pieces[NAME_SIZE + 24];
    TEXT_FORMAT(pieces, "%lld × %s", (long long)unit->qty, name);
    fill(&filled, "name", unit->qty > 1 ? pieces : name);
    fill(&filled, "grade", name_of(&grade_names, (int)unit->grade));
    return render(maker, facts, name_of(&label_kind_names, (int)print->kind), dpi, &filled, ret_label, err);
}

static bool make_parcel(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome,
                        int dpi, struct label *ret_label, struct error *err)
{
    const struct print_job *print = &outcome->print;
    struct parcel_facts found = {0};
    if (!records_parcel(maker->store, print->parcel_id, &found, err))
        return false;
    struct parcel parcel = outcome->parcel.parcel_id == print->parcel_id ? outcome->parcel : found.parcel;
    parcel_facts_done(&found);
    if (!own_encode(CANDIDATE_PARCEL, parcel.code, 0, ret_label->code))
        return error_set(err, ERROR_INVALID, "parcel number %s", parcel.code);
    char key[64], reason[VALUE_SIZE + 64];
    TEXT_FORMAT(key, "hold_kind.%s", name_of(&hold_kind_names, (int)parcel.hold));
    TEXT_FORMAT(reason, "%s: %s", catalog_word(maker->catalog, language_of(facts), key), parcel.scanned);
    struct filled filled = {0};
    fill_common(maker, facts, outcome, ret_label, &filled);
    fill(&filled, "reason", reason);
    fill(&filled, "rma", parcel.rma);
    fill(&filled, "tracking", parcel.scanned);
    fill(&filled, "carrier", parcel.carrier);
    return render(maker, facts, name_of(&label_kind_names, (int)print->kind), dpi, &filled, ret_label, err);
}

/* A sealed batch: its code is that of a container, so that any lane can scan it. */
static bool make_batch(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome,
                       int dpi, struct label *ret_label, struct error *err)
{
    const struct batch *batch = &outcome->batch;
    if (!own_encode(CANDIDATE_CONTAINER, batch->code, 0, ret_label->code))
        return error_set(err, ERROR_INVALID, "batch %s", batch->code);
    char key[64], units[24], weight[32], sealed[2 * KEY_SIZE + 4];
    TEXT_FORMAT(key, "legal_reason.%s", name_of(&legal_reason_names, (int)batch->reason));
    TEXT_FORMAT(units, "%lld", (long long)batch->units);
    TEXT_FORMAT(weight, "%lld.%03lld kg", (long long)(batch->weight_g / 1000), (long long)(batch->weight_g % 1000));
    TEXT_FORMAT(sealed, "%s, %s", batch->sealed_by, batch->second);
    struct filled filled = {0};
    fill_common(maker, facts, outcome, ret_label, &filled);
    fill(&filled, "batch", batch->code);
    fill(&filled, "units", units);
    fill(&filled, "weight", weight);
    fill(&filled, "ground", catalog_word(maker->catalog, language_of(facts), key));
    fill(&filled, "sealed", sealed);
    return render(maker, facts, "destruction", dpi, &filled, ret_label, err);
}

/* The ERP's bytes as they are (they were looked at when they came), but one copy. Nothing of ours is put on them. */
static bool make_carrier(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome,
                         int dpi, struct label *ret_label, struct error *err)
{
    (void)facts;
    (void)dpi;
    struct unit_facts found = {0};
    bool again = outcome->action == ACTION_REPRINT;
    if (!records_unit(maker->store, outcome->print.unit_id, &found, err) ||
        !carriers_bytes(maker->store, &found.unit, again, &ret_label->zpl, ret_label->carrier_hash, err))
        return false;
    bool changes = outcome->unit.unit_id == found.unit.unit_id;
    TEXT_COPY(ret_label->code, changes ? outcome->unit.lpn : found.unit.lpn);
    ret_label->template_hash = ret_label->carrier_hash;
    zpl_force_one_copy(&ret_label->zpl);
    return true;
}

bool labels_make(const struct label_maker *maker, const struct facts *facts, const struct outcome *outcome, int dpi,
                 struct label *ret_label, struct error *err)
{
    _Static_assert(OWN_SIZE <= VALUE_SIZE, "a symbol fits the job's code");
    *ret_label = (struct label){.template_hash = ""};
    static bool (*const makers[LABEL_KIND_COUNT])(const struct label_maker *, const struct facts *,
                                                  const struct outcome *, int, struct label *, struct error *) = {
        [LABEL_UNIT] = make_unit, [LABEL_HOLD] = make_parcel, [LABEL_PARCEL] = make_parcel,
        [LABEL_DESTRUCTION] = make_batch, [LABEL_RESTOCK] = make_unit, [LABEL_CARRIER] = make_carrier};
    return makers[outcome->print.kind](maker, facts, outcome, dpi, ret_label, err);
}
