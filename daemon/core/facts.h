/* SPDX-License-Identifier: Apache-2.0 */
/* Everything one decision may look at. The store gathers it before the core decides; the core asks for nothing else. */
#ifndef DAEMON_CORE_FACTS_H
#define DAEMON_CORE_FACTS_H

#include "daemon/core/checklist.h"
#include "daemon/core/effect.h"
#include "daemon/core/message.h"
#include "daemon/core/model.h"
#include "daemon/core/outcome.h"
#include "protocol/barcode/candidate.h"

/* A question that the next scan may answer. It dies with any other scan, after 30 s, and with the process. */
enum pending {
    PENDING_NONE, PENDING_SECOND_BOX, PENDING_ALIAS, PENDING_LEAD, PENDING_BADGE, PENDING_UNIT, PENDING_OTHER,
    PENDING_TOTE, PENDING_CONTAINER, PENDING_TRUCK, PENDING_RECEIVER,
    PENDING_HELD, PENDING_HOLD, PENDING_RELEASE, PENDING_LINK, PENDING_LINE, PENDING_REOPEN, PENDING_LINK_ITEM,
    PENDING_SEAL_REASON, PENDING_SEAL_ROUTE, PENDING_SEAL_WEIGHT, PENDING_SEAL_BADGE, PENDING_DESTROYED,
    PENDING_OVERAGE, PENDING_UNEXPECTED, PENDING_LOGOUT, PENDING_INFO, PENDING_COUNT
};
extern const struct names pending_names;
/* What a question's pending_id names; pending_code names an RMA where pending_id is 0. */
enum about { ABOUT_NOTHING, ABOUT_RMA, ABOUT_PARCEL, ABOUT_UNIT, ABOUT_CONTAINER, ABOUT_BATCH };
enum about pending_about(enum pending pending);

/* A count of equal pieces that is going on: what the next digit does to it. */
enum counting { COUNTING_NOT, COUNTING_SCANS, COUNTING_DIGITS, COUNTING_COUNT };
extern const struct names counting_names;

/* What the ERP says of a parcel that the station does not know. */
enum erp_word {
    ERP_NO_SUCH,     /* there is none, or there is no ERP: what the directory does not know is unknown */
    ERP_NOT_ASKED,
    ERP_UNREACHABLE,
};

#define EXCEPTIONS_MAX 4

/* A lane's row: written in the same transaction as each outcome. */
struct session {
    char lane[KEY_SIZE];
    enum lane_mode mode;       /* the lane's present mode: dock or bench */
    char operator_id[KEY_SIZE]; /* "" = nobody signed in */
    int64_t parcel_id, unit_id; /* in hand, 0 = none */
    int64_t last_unit_id, last_parcel_id; /* whose label REPRINT prints again; one of them is 0 */
    int64_t container_id;      /* the tote that labelled units go into, 0 = none */
    int64_t load_id;           /* the load that parcels received at the dock belong to, 0 = none */
    int64_t batch_id;          /* the destruction batch that is being filled, 0 = none */
    char location[KEY_SIZE];   /* where they go else, as scanned last; "" = where the lane's rules say */
    int64_t arrived_id;        /* the parcel that the last scan received or gave a further code, 0 = none */
    int64_t graded_unit_id;    /* the unit graded last, which LIKE repeats; 0 = none */
    bool same_again;           /* LIKE: its grade and answers hold for the same SKU until another SKU or card */
    enum counting counting;    /* pieces of the unit in hand are being counted, */
    int64_t counted;           /* so many so far */
    bool stopped;              /* a latched stop: message holds why */
    enum pending pending;
    char pending_value[VALUE_SIZE]; /* the RMA asked about; for PENDING_RELEASE the lead who may */
    char pending_code[VALUE_SIZE];  /* the code that raised the question */
    int64_t pending_tick;
    int64_t pending_id;        /* the parcel or unit asked about (pending_about) */
    enum pending kept;         /* what the scan that a lead may apply (pending_code) had answered */
    char run[33];              /* which run of the daemon wrote this row */
    char last_device[KEY_SIZE];
    char last_code[VALUE_SIZE]; /* the last scan (escaped, cut) and its answer */
    int64_t last_tick;
    enum signal last_signal;
    char last_message[4 * MESSAGE_ARG_SIZE + 64]; /* message_encode */
    bool repeated;             /* the answer was given again after a restart: "already stored" */
    int64_t last_journal;      /* its journal row */
};

struct policy_set;

/* What the configuration says about a station and a lane. */
struct lane_rules {
    int station_number;        /* 0–999; 0 = demo */
    bool training;             /* scans here are lessons: they are decided on a copy of the station */
    enum lane_mode mode;       /* as configured */
    char location[KEY_SIZE];   /* where labelled goods of this lane go, "" = nowhere yet */
    bool badge_needed;
    bool hold_hazmat;          /* parcels of dangerous goods are held when they arrive */
    int dpi;                   /* of its printer, 0 = not known */
    int pending_labels;        /* units of a parcel that may wait for their labels at once; 0 = 1 */
    const struct policy_set *policies;
    const struct checklist_set *checklists;
};

struct parcel_facts {
    struct parcel parcel;      /* parcel_id 0 = absent */
    struct rma *rmas;          /* the RMAs it is linked to */
    size_t rma_count;
    char holder_lane[KEY_SIZE]; /* another lane that has it in hand (live lease), "" = none */
    char holder[NAME_SIZE];
};

/* The carrier's label of a unit: what the ERP sent, and what was printed of it. */
struct carrier_label {
    char hash[65];        /* names what the ERP wants on the unit, "" = nothing came yet */
    int dpi;              /* what it was made for, 0 = not said */
    struct print_job job; /* the newest one, job_id 0 = none */
    char printed[65];     /* hash of what that one printed */
};

struct unit_facts {
    struct unit unit;          /* unit_id 0 = absent */
    struct product product;    /* sku "" = unknown product */
    struct print_job job;      /* the newest one for this unit, job_id 0 = none; not the carrier's */
    struct carrier_label carrier;
    struct inspection inspection; /* unit_id 0 = nothing was asked yet */
    bool open_exception;
};

/* What the scanned code turned out to be, in the light of the tables. */
struct scanned {
    const struct candidate *candidates;
    size_t count;
    size_t total;              /* bytes the scanner sent */
    bool too_long;
    char code[VALUE_SIZE];     /* for people: escaped and cut */
    struct operator badge;     /* id "" = no operator of that badge */
    struct unit_facts unit;    /* the unit of a scanned LPN */
    int generation;
    int64_t roll_unit_id;      /* the unit that took this LPN off a roll once, 0 = none */
    struct container container; /* that has this code, container_id 0 = none yet */
    struct place place;        /* what the ERP says of this code of a container or location */
    struct batch batch;        /* likewise */
    struct load load;          /* likewise, by its document or SSCC */
    struct parcel_facts parcel; /* that has this code, of the RMA found the oldest waiting one, of an LPN its unit's,
                                   of an UNDO that of the step it takes back */
    bool parcel_by_alias;      /* the parcel is known by this very code */
    bool parcel_by_rma;        /* and that code is the RMA's own number or order */
    struct rma rma;            /* the RMA that has this code, rma "" = none */
    enum ref_kind rma_by;
    int rma_count;             /* how many RMAs have this code */
    int rma_parcels;           /* parcels of that RMA so far */
    char rma_code[VALUE_SIZE]; /* the stored form of the code that matched */
    char rma_carrier[17];
    struct product product;    /* the product that has this code, sku "" = none */
    struct rma other;          /* the one RMA of another parcel that an item out of this parcel fits, rma "" = none */
    enum erp_word erp;         /* where none of the tables has it */
    bool serial_seen;          /* a unit with this product and serial is already at the station */
};

/* The lane's last step that can be undone. */
struct undo_facts {
    int64_t journal;           /* 0 = none */
    enum action action;
    char operator_id[KEY_SIZE];
    struct container container; /* that the unit is in now, container_id 0 = none */
    struct batch batch;        /* likewise */
    struct load load_before, load_now; /* of a step that opened or closed a load; of a receipt: the parcel's load now */
    bool load_later;           /* that load was opened or closed again since; of a receipt: it is closed */
    char exception[KEY_SIZE];  /* type of the one that the step opened and that is still open, "" = none */
    bool later;                /* a later step at another lane touched the same unit or parcel */
    struct unit unit_before, unit_now; /* unit_id 0 = absent; unit_before.unit_id 0 = it was made by this step */
    struct inspection inspection_before; /* unit_id 0 = there was none */
    struct parcel parcel_before, parcel_now;
    struct print_job job;      /* the newest label of that unit */
    struct carrier_label carrier; /* likewise, for its way out */
    struct {
        enum event_type type;
        int64_t sequence;
        char rma[KEY_SIZE]; /* of rma.completed */
    } events[16];
    size_t event_count;
};

struct facts {
    struct moment when;
    bool clock_unsure;         /* not set, or behind the journal */
    const struct lane_rules *rules;
    struct session session;
    char run[33];              /* this run of the daemon */
    char device[KEY_SIZE];     /* which scanner */
    char read[VALUE_SIZE];     /* what it read, escaped and cut: the scanned code, but for a kept scan the badge */
    struct operator operator;  /* signed in, id "" = nobody */
    struct operator lead;      /* whose badge applies this kept scan (SUPER), id "" = nobody's */
    struct parcel_facts hand_parcel;
    struct unit_facts hand_unit;
    struct parcel_facts unit_parcel; /* of the unit in hand, where it is not the parcel in hand */
    struct unit_facts like_unit; /* session.graded_unit_id, where LIKE or a scan under LIKE needs it */
    struct trace hand_trace;   /* of the unit in hand, as far as it was decided */
    struct scanned scanned;
    struct container hand_container;  /* the lane's tote */
    struct load hand_load;            /* the lane's load */
    struct place sticky_place, lane_place; /* session.location and rules.location, for a scanned label */
    struct unit_facts last_unit;      /* labelled last, for a scanned container or location */
    struct container asked_container;
    struct batch hand_batch, asked_batch;
    struct unit *contents;            /* the units of the container or batch that the scan deals with */
    size_t content_count;
    int64_t identified_event;         /* sequence of the event that told the unit in hand, 0 = none */
    struct unit_facts waiting_unit;   /* of the parcel in hand, in no lane's hand: what the scanned item may be again */
    struct unit_facts asked_unit;     /* what the question that this scan may answer is about */
    struct parcel_facts asked_parcel; /* likewise, or the parcel of that unit, or what the last scan received */
    struct undo_facts undo;
    const struct photo *photo; /* taken instead of a scan, NULL = none */
    struct photo *photos;      /* that stand of the units and parcels that this is about, oldest first */
    size_t photo_count;
    struct container await;    /* the tote of goods whose RMA is not verified yet */
    struct effect effect;      /* decided instead of a scan: the unit and the parcel it is about are the asked ones */
    char exceptions[EXCEPTIONS_MAX][KEY_SIZE]; /* types of those open of the effect's unit */
    size_t exception_count;
    struct batch effect_batch; /* that its unit is in */
    struct print_job last_job; /* what REPRINT would print again */
    char last_job_code[VALUE_SIZE];
    struct shift_counts shift; /* of the lane, for whoever signs out */
    char last_hash[65];        /* likewise: of the journal */
    int64_t next_unit_id, next_parcel_id, next_container_id, next_batch_id, next_load_id, next_lpn, next_parcel_code;
    int64_t next_sequence;     /* the sequence that the first event of this outcome gets */
};

void facts_done(struct facts *facts);
/* Frees the RMAs and zeroes it. */
void parcel_facts_done(struct parcel_facts *facts);

#endif
