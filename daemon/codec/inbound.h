/* SPDX-License-Identifier: Apache-2.0 */
/* The short things an ERP tells a station by PUT: decisions, conflicts, releases, places, loads, labels, the LPN floor.
 */
#ifndef DAEMON_CODEC_INBOUND_H
#define DAEMON_CODEC_INBOUND_H

#include "daemon/codec/field.h"

#define INBOUND_NOTE_SIZE 81
#define INBOUND_ZPL_MAX 65536

/* rma.cancel and rma.release. */
struct inbound_rma {
    char rma[KEY_SIZE];
    int64_t version;
    enum hold_kind hold; /* release: of this kind; HOLD_NONE = all */
    char reason[INBOUND_NOTE_SIZE];
};

/* About one unit or one parcel; the other is "". */
struct inbound_decision {
    char unit[VALUE_SIZE], parcel[VALUE_SIZE];
    char rma[KEY_SIZE];           /* of an unknown parcel: whose it is, "" = not said */
    int64_t version;
    enum verdict verdict;         /* VERDICT_NONE = as it was */
    enum disposition disposition; /* DISPOSITION_NONE = as it was */
    char outcome[KEY_SIZE];
    char reason[INBOUND_NOTE_SIZE];
};

struct inbound_conflict {
    char lpn[VALUE_SIZE], rma[KEY_SIZE], line[KEY_SIZE]; /* lpn, or rma */
    int64_t version;
    char reason[INBOUND_NOTE_SIZE];
};

/* A label of somebody else for a unit that leaves. */
struct inbound_zpl {
    char unit[VALUE_SIZE];
    int64_t dpi, version; /* dpi: what it was made for, 0 = not said */
    const char *zpl; /* the JSON's */
};

struct inbound_load {
    char id[KEY_SIZE], sscc[VALUE_SIZE], carrier[KEY_SIZE];
    int64_t expected, version; /* parcels */
};

struct inbound_place {
    struct place place;
    int64_t version;
};

struct inbound_floor {
    int64_t lpn; /* no number up to this one is used again */
};

bool inbound_rma_decode(const json_t *json, struct inbound_rma *ret_rma, struct error *err) MUST_CHECK;
bool inbound_decision_decode(const json_t *json, struct inbound_decision *ret_decision, struct error *err) MUST_CHECK;
bool inbound_conflict_decode(const json_t *json, struct inbound_conflict *ret_conflict, struct error *err) MUST_CHECK;
bool inbound_zpl_decode(const json_t *json, struct inbound_zpl *ret_zpl, struct error *err) MUST_CHECK;
bool inbound_load_decode(const json_t *json, struct inbound_load *ret_load, struct error *err) MUST_CHECK;
bool inbound_place_decode(const json_t *json, struct inbound_place *ret_place, struct error *err) MUST_CHECK;
bool inbound_floor_decode(const json_t *json, struct inbound_floor *ret_floor, struct error *err) MUST_CHECK;
/* A new object of what a station keeps of a PUT of this kind: the members it knows, and no other (no person gets in by an
   unknown one). Kinds whose content is not described here are copied whole. */
json_t *inbound_known(const char *kind, const json_t *json);

#endif
