/* SPDX-License-Identifier: Apache-2.0 */
/* The nouns of returns receiving as plain values: what the ERP gives, what the station keeps. No text, no JSON, no I/O.
 */
#ifndef DAEMON_CORE_MODEL_H
#define DAEMON_CORE_MODEL_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_SIZE 41     /* RMA numbers, SKUs, owners, ids: at most 40 bytes */
#define VALUE_SIZE 121  /* any scanned code that is a key of something */
#define LPN_SIZE 14     /* "LP" or "LPT", station, sequence */
#define LPN_ROLL_FIRST 9000000 /* sequences from here on are those of pre-printed rolls; a station counts up below */
#define NAME_SIZE 81
#define PROBLEM_ILLEGIBLE "serial_illegible" /* the serial is needed and cannot be read */
#define RECALL_LOTS_SIZE 400
#define INSTANT_NONE INT64_MIN

enum grade { GRADE_U, GRADE_A, GRADE_B, GRADE_C, GRADE_D, GRADE_E, GRADE_COUNT };

enum disposition {
    DISPOSITION_NONE, DISPOSITION_RESELL, DISPOSITION_RESELL_B, DISPOSITION_REFURBISH, DISPOSITION_PARTS,
    DISPOSITION_RECYCLE, DISPOSITION_DESTROY, DISPOSITION_DONATE, DISPOSITION_LIQUIDATE, DISPOSITION_QUARANTINE,
    DISPOSITION_RETURN_TO_VENDOR, DISPOSITION_RETURN_TO_CUSTOMER, DISPOSITION_FORWARD, DISPOSITION_MISSING,
    DISPOSITION_COUNT
};

enum stock_status {
    STOCK_NONE, STOCK_SELLABLE, STOCK_B_STOCK, STOCK_REFURB, STOCK_PARTS, STOCK_SCRAP, STOCK_DONATION,
    STOCK_LIQUIDATION, STOCK_HOLD, STOCK_OUTBOUND, STOCK_STATUS_COUNT
};

enum verdict { VERDICT_NONE, VERDICT_ACCEPTED, VERDICT_REJECTED, VERDICT_MANUAL, VERDICT_COUNT };
enum title { TITLE_OURS, TITLE_MERCHANT, TITLE_CUSTOMER, TITLE_COUNT };
enum track { TRACK_NONE, TRACK_LOT, TRACK_SERIAL, TRACK_COUNT };

enum rma_state { RMA_AUTHORISED, RMA_CANCELLED, RMA_EXPIRED, RMA_COMPLETED, RMA_STATE_COUNT };
enum expect { EXPECT_EXACT, EXPECT_UP_TO, EXPECT_COUNT };
enum channel { CHANNEL_ONLINE, CHANNEL_STORE, CHANNEL_MARKETPLACE, CHANNEL_B2B, CHANNEL_COUNT };
enum method { METHOD_REFUND, METHOD_EXCHANGE, METHOD_STORE_CREDIT, METHOD_REPAIR, METHOD_NONE, METHOD_COUNT };
enum refund_timing { TIMING_ON_INSPECTION, TIMING_ON_RECEIPT, TIMING_IMMEDIATE, TIMING_COUNT };
enum payer { PAYER_MERCHANT, PAYER_CUSTOMER, PAYER_COUNT };
enum ref_kind {
    REF_RMA,
    REF_ORDER,
    REF_DELIVERY,
    REF_INVOICE,
    REF_TRACKING,
    REF_SSCC,
    REF_OTHER,
    REF_LABEL,
    REF_KIND_COUNT
};

enum parcel_state {
    PARCEL_EXPECTED, PARCEL_ARRIVED, PARCEL_OPEN, PARCEL_CLOSED, PARCEL_HELD, PARCEL_REFUSED, PARCEL_LOST, PARCEL_EMPTY,
    PARCEL_STATE_COUNT
};
enum hold_kind { HOLD_NONE, HOLD_UNKNOWN, HOLD_CUSTOMS, HOLD_HAZMAT, HOLD_DAMAGED, HOLD_OTHER, HOLD_KIND_COUNT };

enum unit_state {
    UNIT_IDENTIFIED,
    UNIT_INSPECTING,
    UNIT_GRADED,
    UNIT_DECIDED,
    UNIT_LABELLED,
    UNIT_DONE,
    UNIT_RELEASED,
    UNIT_DESTROYED,
    UNIT_VOID,
    UNIT_STATE_COUNT
};

enum batch_state { BATCH_OPEN, BATCH_SEALED, BATCH_DESTROYED, BATCH_STATE_COUNT };
/* Why goods may be destroyed: options 1 to 9 when a batch is sealed. */
enum legal_reason {
    LEGAL_NONE,
    LEGAL_UNSAFE,
    LEGAL_COUNTERFEIT,
    LEGAL_HYGIENE,
    LEGAL_DAMAGED,
    LEGAL_RECALLED,
    LEGAL_EXPIRED,
    LEGAL_RIGHTS,
    LEGAL_REFUSED_DONATION,
    LEGAL_DEROGATION,
    LEGAL_COUNT
};
/* Where destroyed goods go, as the yearly disclosure asks: options 1 to 3 when a batch is sealed. */
enum waste_route { ROUTE_NONE, ROUTE_RECYCLING, ROUTE_ENERGY, ROUTE_DISPOSAL, ROUTE_COUNT };
enum load_state { LOAD_EXPECTED, LOAD_OPEN, LOAD_CLOSED, LOAD_STATE_COUNT };
enum container_state { CONTAINER_OPEN, CONTAINER_CLOSED, CONTAINER_RELEASED, CONTAINER_STATE_COUNT };

enum job_state {
    JOB_QUEUED, JOB_SENDING, JOB_SENT, JOB_PRINTED, JOB_CONFIRMED, JOB_NEEDS_ATTENTION, JOB_UNKNOWN, JOB_VOIDED,
    JOB_RECALLED, JOB_STATE_COUNT
};

enum label_kind {
    LABEL_UNIT,
    LABEL_HOLD,
    LABEL_PARCEL,
    LABEL_DESTRUCTION,
    LABEL_RESTOCK,
    LABEL_CARD,
    LABEL_CARRIER, /* the ERP's own, for the way out */
    LABEL_KIND_COUNT
};
/* What the ERP says a code is; PLACE_NONE = it says nothing. */
enum place_kind { PLACE_NONE, PLACE_LOCATION, PLACE_CONTAINER, PLACE_LANE, PLACE_KIND_COUNT };
enum lane_mode { LANE_DOCK, LANE_BENCH, LANE_COMBINED, LANE_MODE_COUNT };
enum role { ROLE_DOCK, ROLE_INSPECTOR, ROLE_LEAD, ROLE_COUNT };
enum signal { SIGNAL_NONE, SIGNAL_OK, SIGNAL_INFO, SIGNAL_ATTENTION, SIGNAL_STOP, SIGNAL_COUNT };

enum photo_type { PHOTO_JPEG, PHOTO_PNG, PHOTO_WEBP, PHOTO_TYPE_COUNT };

enum { FLAG_PERSONALISED = 1, FLAG_FINAL_SALE = 2 };          /* rma_line.flags */
enum { PRODUCT_HYGIENE = 1, PRODUCT_HAZMAT = 2 };             /* product.flags */

/* The word of each value as data and events spell it ("resell_b"); NULL-free. */
struct names {
    const char *const *names;
    int count;
};
extern const struct names grade_names, disposition_names, stock_status_names, verdict_names, title_names, track_names,
    rma_state_names, expect_names, channel_names, method_names, refund_timing_names, payer_names, ref_kind_names,
    parcel_state_names, hold_kind_names, unit_state_names, container_state_names, place_kind_names, batch_state_names,
    load_state_names, legal_reason_names, waste_route_names, job_state_names, label_kind_names, lane_mode_names,
    photo_type_names, role_names, signal_names;
/* The word of value. */
const char *name_of(const struct names *names, int value);
/* The value of a word; false if there is none. */
bool name_find(const struct names *names, const char *word, int *ret_value);

/* The stock status that goods of a disposition have. */
enum stock_status disposition_stock(enum disposition disposition);

struct rma_ref {
    enum ref_kind kind;
    char value[VALUE_SIZE];
    char carrier[17];
};

/* A line of an RMA. The counters are derived from the units at every look-up and never stored. */
struct rma_line {
    char line[KEY_SIZE];
    char sku[KEY_SIZE];
    char gtin[15];
    int64_t qty;
    char uom[9];
    int64_t unit_price; /* minor units */
    char currency[4];
    bool serials_known;
    char *serials;      /* '\n' between them, NULL = none */
    char *lots;         /* likewise */
    char reason[KEY_SIZE];
    char exchange_sku[KEY_SIZE];
    int64_t exchange_qty;
    char kit_parent[KEY_SIZE];
    enum title title;
    unsigned flags;
    char hs_code[13];
    char origin[3];
    int64_t received_elsewhere;
    bool withdrawn;     /* the ERP took it away after units came: it expects what is there */
    int64_t received, accepted, rejected, missing; /* derived */
    bool excused;       /* derived, of a parcel's RMAs: what is missing of it was answered for this parcel */
};

/* A fee that a unit bears, so that one per line or RMA is charged once. */
struct rma_fee {
    char fee[KEY_SIZE], line[KEY_SIZE];
    int64_t unit_id;
};

struct rma {
    char rma[KEY_SIZE];
    int64_t version;
    char owner[KEY_SIZE];
    enum channel channel;
    enum rma_state state;
    enum expect expect;
    char customer_ref[65];
    char country[3];
    char lang[3];
    char policy[KEY_SIZE];
    int64_t requested_at, authorised_at;               /* INSTANT_NONE if absent */
    int32_t expires_on, purchase_date, delivery_date;  /* DATE_NONE if absent */
    enum method outcome;
    enum refund_timing refund_timing;
    bool already_refunded;
    enum payer return_paid_by;
    int priority;
    int64_t parcels_expected; /* 0 = not said */
    int64_t weight_g;         /* 0 = not said */
    char note[NAME_SIZE];
    char export_mrn[KEY_SIZE];
    int32_t export_date;
    bool duties_refundable, customs_hold;
    bool hazmat; /* read only: a product of its lines is dangerous goods */
    struct rma_ref *refs;
    size_t ref_count;
    struct rma_line *lines;
    size_t line_count;
    struct rma_fee *fees; /* derived: what its units were charged so far */
    size_t fee_count;
    bool receipt_recommended, completed; /* the station's own progress */
};

/* Frees what the RMA owns and zeroes it. */
void rma_done(struct rma *rma);
/* The line of that name, or NULL. */
struct rma_line *rma_find_line(const struct rma *rma, const char *line);
/* True if the line's list of shipped serials is known and holds this one. */
bool line_has_serial(const struct rma_line *line, const char *serial);
/* The value of the first reference of a kind, or "". */
const char *rma_ref_value(const struct rma *rma, enum ref_kind kind);

struct product {
    char sku[KEY_SIZE];
    char gtin[15]; /* its first code that is a GTIN */
    char name_en[NAME_SIZE], name_fr[NAME_SIZE];
    char category[KEY_SIZE];
    char owner[KEY_SIZE];
    enum track track;
    unsigned flags;
    char hazmat_class[9];    /* "9", "3.1"; "" = not known */
    int64_t weight_g;
    char checklist[KEY_SIZE]; /* "" = that of its category */
    char recall[KEY_SIZE];    /* id of a recall, "" = none */
    char recall_lots[RECALL_LOTS_SIZE]; /* '\n' between them; "" = not by lot */
    char recall_from[33],
        recall_to[33]; /* serials, both included; "" = no bound. No lots, no bounds: the whole product */
    char recall_text[NAME_SIZE];
    bool expiry_tracked;
    int64_t version;
    int64_t code_qty; /* pieces that the scanned code stands for */
};

/* A barcode of a product and the pieces it stands for (a case of six: 6). */
struct product_code {
    char code[VALUE_SIZE];
    int64_t qty;
};

struct disposition_list {
    int count;
    enum disposition items[DISPOSITION_COUNT]; /* the first is the proposal */
};

struct operator {
    char id[KEY_SIZE];
    char name[NAME_SIZE];
    unsigned roles; /* bit 1 << enum role */
    char lang[3];
    bool training;
};

struct parcel {
    int64_t parcel_id; /* 0 = none */
    char code[LPN_SIZE]; /* "PX" + station + sequence */
    enum parcel_state state;
    enum hold_kind hold;
    bool verified;
    char rma[KEY_SIZE]; /* the RMA scanned last (sticky), "" = blind */
    char matched_by[17]; /* word of the reference that matched */
    char scanned[VALUE_SIZE]; /* the code it came with */
    char carrier[17];
    int priority;
    int64_t received_at; /* UTC ms or INSTANT_NONE */
    enum parcel_state resumes; /* while held: the state it goes on in */
    int64_t closed_at;   /* UTC ms, 0 = never */
    int64_t load_id;     /* the load it came with, 0 = none */
    int64_t open_units;  /* derived: units that are neither labelled nor void */
    int64_t units;       /* derived: units that are not void */
};

struct unit {
    int64_t unit_id; /* 0 = none */
    char lpn[LPN_SIZE];
    int generation; /* of the label that counts, 0 = none */
    int generations; /* labels printed so far under this LPN: each decision makes a new one */
    int64_t parcel_id;
    char rma[KEY_SIZE], line[KEY_SIZE]; /* "" = blind */
    char sku[KEY_SIZE], gtin[15], serial[33], lot[33], expiry[DATE_SIZE];
    int64_t qty;
    enum title title;
    char owner[KEY_SIZE];
    enum unit_state state;
    enum grade grade;
    char reason_declared[KEY_SIZE], reason_found[KEY_SIZE];
    char problem[KEY_SIZE]; /* "", or why only a person may decide ("serial_mismatch", PROBLEM_ILLEGIBLE) */
    enum verdict verdict;
    char reject_code[KEY_SIZE]; /* why it was rejected ("window_exceeded"), or "" */
    enum disposition disposition;
    unsigned allowed; /* bits of the dispositions the policy allows */
    unsigned needs_lead; /* bits of those that only a lead may choose */
    char policy[KEY_SIZE];
    int64_t policy_version;
    char decided_by[17]; /* policy | operator | lead | erp */
    char inspector[KEY_SIZE]; /* who graded it, and when */
    int64_t graded_at;       /* UTC ms, 0 = never */
    int64_t batch_id; /* the destruction batch it is in, 0 = none */
    char location[KEY_SIZE], container[KEY_SIZE];
    enum stock_status status;  /* what the stock counts it as now */
    int64_t stock_moves;       /* stock.delta events so far: the effect key is <key_lpn>/<n> */
    int64_t outcomes;          /* outcome.recommended events so far */
    int64_t identified_at;
    char key_lpn[LPN_SIZE];    /* the LPN it had first: its effects are numbered under it, whatever label it gets */
};

/* A place that the ERP knows: it takes goods of this disposition and this owner. */
struct place {
    char code[KEY_SIZE];
    enum place_kind kind;
    enum disposition disposition; /* NONE = any */
    char owner[KEY_SIZE];         /* "" = anybody's */
};

/* A tote, pallet or cage: goods of one disposition and one owner, which the first unit in it settles. */
struct container {
    int64_t container_id; /* 0 = none */
    char code[KEY_SIZE];
    enum container_state state;
    enum disposition disposition;
    char owner[KEY_SIZE];
    char location[KEY_SIZE];
    char receiver[VALUE_SIZE]; /* who took it over, "" = nobody yet, or not said */
    int64_t units, weight_g;   /* derived */
    struct place place;        /* derived: what the ERP says of its code */
};

/* A pallet, a cage or a store's transfer: parcels that come together. */
struct load {
    int64_t load_id;       /* 0 = none */
    char code[KEY_SIZE];   /* the ERP's document; the SSCC of a load that was not announced */
    char sscc[VALUE_SIZE]; /* 18 digits, "" = it has none */
    char carrier[KEY_SIZE];
    enum load_state state;
    bool announced;        /* by the ERP */
    int64_t expected;      /* parcels, 0 = not said */
    int64_t opened_at, closed_at; /* UTC ms, 0 = never */
    int64_t arrived;       /* derived: its parcels that were received */
};

/* Goods that are destroyed together. weight_g: as weighed, else the products' sum. */
struct batch {
    int64_t batch_id;    /* 0 = none */
    char code[LPN_SIZE]; /* "DB" + station + number */
    enum batch_state state;
    enum legal_reason reason;
    enum waste_route route;
    int64_t weight_g;
    char sealed_by[KEY_SIZE], second[KEY_SIZE]; /* the two badges, operator ids */
    char witness[KEY_SIZE];                     /* who saw it destroyed, or */
    char certificate[VALUE_SIZE];               /* whose number proves it */
    int64_t units;       /* derived */
};

/* What a lane, or the station, did since its last report: of steps that stand, but for the scans themselves. */
struct shift_counts {
    int64_t since;          /* UTC ms of the first scan counted, 0 = there was none */
    int64_t scans, refused, stops, undone, overrides;
    int64_t parcels, units; /* received or held; labels scanned back */
    int64_t exceptions;     /* opened */
    int64_t labels, label_failures; /* print jobs; those that need attention or of which nobody knows */
    int64_t grades[GRADE_COUNT], verdicts[VERDICT_COUNT], dispositions[DISPOSITION_COUNT]; /* of those units */
};

#define SHA256_SIZE 65 /* as hex digits */
#define PHOTOS_MAX 16  /* that stand of a unit, and likewise of a parcel */

/* A picture of a unit, or of a parcel itself. Its file is kept by its hash. */
struct photo {
    int64_t journal;            /* the step that took it */
    char sha256[SHA256_SIZE];   /* "" = there is none */
    enum photo_type type;
    int64_t size;               /* bytes */
    int64_t parcel_id, unit_id; /* what it shows; unit_id 0 = the parcel itself */
    char operator_id[KEY_SIZE]; /* who took it, "" = nobody was signed in */
    int64_t at;                 /* UTC ms */
    int64_t removed;            /* the step that took it off again, 0 = it stands */
};

struct print_job {
    int64_t job_id; /* 0 = none */
    enum label_kind kind;
    int64_t unit_id, parcel_id;
    int generation, copy;
    enum job_state state;
    bool aged; /* voided because it waited too long: its decision stands, so it may be printed again */
};

#endif
