/* SPDX-License-Identifier: Apache-2.0 */
/* What one scan does: an answer for the worker and the rows to write. The store commits all of it or nothing. */
#ifndef DAEMON_CORE_OUTCOME_H
#define DAEMON_CORE_OUTCOME_H

#include "daemon/core/checklist.h"
#include "daemon/core/effect.h"
#include "daemon/core/message.h"
#include "daemon/core/model.h"

struct facts;
struct session;

/* What a journal row records. Each action says whether UNDO can take it back (action_undoable). */
enum action {
    ACTION_NONE,
    ACTION_REJECT,
    ACTION_REPEAT,
    ACTION_RELEASE,
    ACTION_SIGN_IN,
    ACTION_SIGN_OUT,
    ACTION_MODE,
    ACTION_RECEIVE,
    ACTION_RECEIVE_OPEN,
    ACTION_HOLD,
    ACTION_DUPLICATE,
    ACTION_ALIAS,
    ACTION_OPEN,
    ACTION_DROP,
    ACTION_CLOSE,
    ACTION_IDENTIFY,
    ACTION_SERIAL,
    ACTION_GRADE,
    ACTION_DECIDE,
    ACTION_CONFIRM,
    ACTION_REPRINT,
    ACTION_UNDO,
    ACTION_ASK,
    ACTION_START,
    ACTION_STOP,
    ACTION_IMPORT,
    ACTION_OVERRIDE,
    ACTION_REGRADE,
    ACTION_VOID,
    ACTION_CORRECT,
    ACTION_REPAIR,
    ACTION_PUT_AWAY,
    ACTION_TOTE,
    ACTION_CLOSE_TOTE,
    ACTION_HAND_OVER,
    ACTION_PLACE,
    ACTION_DAMAGE,
    ACTION_BLOCK,
    ACTION_REFUSE,
    ACTION_RELEASE_HOLD,
    ACTION_LINK,
    ACTION_EMPTY,
    ACTION_LINE,
    ACTION_REOPEN,
    ACTION_BATCH,
    ACTION_BATCH_ADD,
    ACTION_SEAL,
    ACTION_DESTROY,
    ACTION_ANSWER,
    ACTION_DIGIT,
    ACTION_LIKE,
    ACTION_COUNT_PIECES,
    ACTION_ERP,
    ACTION_RELABEL,
    ACTION_DEVICE,
    ACTION_LOAD_OPEN,
    ACTION_LOAD_CLOSE,
    ACTION_PHOTO,
    ACTION_CARRIER, /* prints the carrier's label of a unit that is labelled already */
    ACTION_TRAINING, /* of a lesson: what it did is in the copy alone */
    ACTION_COUNT
};
extern const struct names action_names;
bool action_undoable(enum action action);

/* Every event a station tells (15-data §3); EVENT_INFO in outcome.c has name and whether it can be corrected. */
enum event_type {
    EVENT_STATION_STARTED,
    EVENT_STATION_STOPPED,
    EVENT_STATION_RESTORED,
    EVENT_OPERATOR_SIGNED_IN,
    EVENT_OPERATOR_SIGNED_OUT,
    EVENT_SCAN_REJECTED,
    EVENT_SCAN_DUPLICATE,
    EVENT_PARCEL_RECEIVED,
    EVENT_PARCEL_UNKNOWN,
    EVENT_PARCEL_OPENED,
    EVENT_PARCEL_CLOSED,
    EVENT_PARCEL_HELD,
    EVENT_PARCEL_LINKED,
    EVENT_PARCEL_DAMAGED,
    EVENT_PARCEL_REFUSED,
    EVENT_PARCEL_EMPTY,
    EVENT_PARCEL_REOPENED,
    EVENT_LINE_SHORT,
    EVENT_LINE_MISSING,
    EVENT_EXCEPTION_RESOLVED,
    EVENT_LPN_ASSIGNED,
    EVENT_UNIT_IDENTIFIED,
    EVENT_UNIT_UNEXPECTED,
    EVENT_UNIT_OVERAGE,
    EVENT_UNIT_SERIAL_CHECKED,
    EVENT_UNIT_SERIAL_MISMATCH,
    EVENT_UNIT_INSPECTED,
    EVENT_UNIT_DISPOSITION_DECIDED,
    EVENT_UNIT_DISPOSITION_OVERRIDDEN,
    EVENT_UNIT_REGRADED,
    EVENT_UNIT_REPAIRED,
    EVENT_UNIT_UNIDENTIFIED,
    EVENT_CONTAINER_UNIT_ADDED,
    EVENT_CONTAINER_UNIT_REMOVED,
    EVENT_CONTAINER_CLOSED,
    EVENT_CONTAINER_HANDED_OVER,
    EVENT_UNIT_PUTAWAY,
    EVENT_UNIT_DESTROYED,
    EVENT_DESTRUCTION_SEALED,
    EVENT_DESTRUCTION_CLOSED,
    EVENT_UNIT_LABEL_CONFIRMED,
    EVENT_STOCK_DELTA,
    EVENT_OUTCOME_RECOMMENDED,
    EVENT_RMA_COMPLETED,
    EVENT_EXCEPTION_OPENED,
    EVENT_PARCEL_VERIFIED,
    EVENT_UNIT_MATCHED,
    EVENT_SCANNER_ATTACHED,
    EVENT_SCANNER_DETACHED,
    EVENT_SCANNER_MISREAD,
    EVENT_PRINTER_FAULT,
    EVENT_PRINTER_OK,
    EVENT_LOAD_OPENED,
    EVENT_LOAD_CLOSED,
    EVENT_SHIFT_REPORT,
    EVENT_CUSTOMS_EVIDENCE,
    EVENT_UNIT_PHOTOGRAPHED,
    EVENT_PARCEL_PHOTOGRAPHED,
    EVENT_TYPE_COUNT
};
/* "unit.identified" */
const char *event_name(enum event_type type);
bool event_find(const char *name, enum event_type *ret_type);
bool event_correctable(enum event_type type);

struct stock_place {
    char location[KEY_SIZE], container[KEY_SIZE];
    enum stock_status status; /* STOCK_NONE = not in stock */
};

#define TRACE_MAX 16
struct trace {
    int count;
    struct message steps[TRACE_MAX];
};

#define OUTCOME_FEES_MAX 8
struct outcome_fee {
    char id[KEY_SIZE];
    int per;                  /* a value of fee_per_names */
    int64_t amount, percent;  /* amount in minor units, all of it */
};

/* What the customer should get (15-data §3): recommended, never paid. */
struct recommendation {
    char key[VALUE_SIZE], supersedes[VALUE_SIZE];
    bool whole_rma;
    enum method method;
    int percent;
    int64_t base, amount;     /* minor units */
    int64_t adjust;           /* paid too much already, minor units; 0 = nothing */
    int32_t refund_due_by;    /* DATE_NONE = no legal term */
    char currency[4];
    bool manual;
    char exchange_sku[KEY_SIZE];
    int64_t exchange_qty;
    struct outcome_fee fees[OUTCOME_FEES_MAX];
    int fee_count;
};

/* What a scan adds to the counters of one line; those of the facts were read before it. */
struct line_change {
    char line[KEY_SIZE]; /* "" = nothing */
    int64_t received, accepted, rejected, missing;
};

/* One event: copies of what it is about as it was at that moment, and what only its type has. */
struct event {
    enum event_type type;
    int64_t corrects;         /* > 0: this is <type>.corrected of the event with that sequence */
    bool has_unit, has_parcel;
    struct unit unit;
    struct parcel parcel;
    const struct rma *rma;    /* lives as long as the facts; NULL = none */
    struct container container; /* of a container.… event */
    const struct load
        *load; /* of a load.… event, and of a parcel received with one; in the facts or outcome, NULL = none */
    struct batch batch;       /* of a destruction.… event, and of unit.destroyed */
    const struct unit *contents; /* and what is in it, as long as the facts live */
    size_t content_count;
    const struct trace *trace; /* in the outcome; NULL = none */
    const struct inspection *inspection; /* in the outcome, with its checklist; NULL = nothing was asked */
    const struct checklist *checklist;
    struct {
        char key[VALUE_SIZE], reverses[VALUE_SIZE];
        struct stock_place from, to;
        int64_t cause;        /* sequence of the event that caused it */
    } stock;
    struct recommendation outcome;
    int64_t received, expected; /* counters */
    int64_t weight_g; /* of customs.evidence, by the product; 0 = not known */
    struct rma_line line;        /* of a line.… event; its lists are the facts' */
    struct line_change change;   /* of rma's lines: parcel.closed, rma.completed */
    enum grade prev_grade;       /* of unit.regraded */
    enum disposition prev;       /* what an override or a new decision changed, NONE = nothing */
    char expected_sku[KEY_SIZE]; /* unit.unexpected: what should have been there */
    char text[VALUE_SIZE];    /* raw scan, serial result, exception type, operator */
    bool preprinted;          /* lpn.assigned, unit.label_confirmed: off a roll */
    unsigned roles;           /* of that operator */
    char reason[KEY_SIZE];
    char lane[KEY_SIZE];      /* of a scanner.… event; text says why or what, reason is its mode */
    const struct shift_counts *shift; /* of shift.report, in the facts; NULL = none */
    const struct photo *photo; /* of a ….photographed event, in the outcome; NULL = none */
    const struct photo *photos; /* all that the facts hold, as long as they live: those of unit or parcel are its own */
    size_t photo_count;
    char last_hash[65];       /* station.started, station.stopped, shift.report: the journal's anchor */
};

/* A parcel's further codes and its link to an RMA. */
struct alias {
    int64_t parcel_id;
    enum ref_kind kind;
    char value[VALUE_SIZE];
};

/* What the worker said of a line of which pieces are missing in a parcel. */
enum line_fate { LINE_SHORT, LINE_MISSING, LINE_AWAITED, LINE_FATE_COUNT };
extern const struct names line_fate_names;
struct line_mark {
    int64_t parcel_id;
    char rma[KEY_SIZE], line[KEY_SIZE];
    enum line_fate fate;
    int64_t qty;
};

struct job_change {
    int64_t job_id;
    enum job_state state;
};

/* Many units that go the same way at once. Described, not copied: their events come behind the outcome's own
   (outcome_event_at). */
enum bulk_kind {
    BULK_NONE,
    BULK_BATCH /* into batch_id */,
    BULK_LEAVE /* out of stock */,
    BULK_DESTROY,
    BULK_KIND_COUNT
};
struct bulk {
    enum bulk_kind kind;
    const struct unit *units; /* of the facts */
    size_t count;
    enum unit_state to;
    int64_t batch_id;
    int64_t cause;            /* sequence of the event that says why */
};

#define OUTCOME_EVENTS_MAX 24

struct outcome {
    enum signal signal;
    struct message message;
    struct message next;      /* what the lane should scan next */
    enum action action;
    const char *row;          /* name of the row of the tables that decided, NULL = a rule for every scan did */
    bool silent;              /* a bounce of the same code: nothing to write, nothing to answer */
    struct parcel parcel;     /* parcel_id 0 = not changed */
    struct unit unit;         /* unit_id 0 = not changed */
    struct inspection inspection; /* unit_id 0 = not changed */
    struct trace trace;       /* of a decision, stored with the unit */
    struct container container; /* container_id 0 = not changed */
    struct batch batch;       /* batch_id 0 = not changed */
    struct load load;         /* load_id 0 = not changed */
    struct photo photo;       /* taken now, sha256 "" = none */
    struct bulk bulk;
    struct trace outcome_trace; /* of outcome.recommended */
    bool bears_fees;          /* the fees of unit are those of its newest recommendation, in fees */
    struct outcome_fee fees[OUTCOME_FEES_MAX];
    int fee_count;
    struct alias aliases[2];
    size_t alias_count;
    struct print_job print;   /* job_id unset; kind, subject, generation and copy of a label to print; copy 0 = none */
    struct job_change jobs[2];
    size_t job_count;
    char receipt_rma[KEY_SIZE], completed_rma[KEY_SIZE]; /* mark the RMA's progress, "" = no */
    char reopened_rma[KEY_SIZE]; /* take "completed" back, "" = no */
    char exception[KEY_SIZE]; /* type of an exception to open, "" = none */
    char resolves[KEY_SIZE];  /* type of the parcel's exception that is over, "" = none */
    bool resolves_unit;       /* every open exception of unit is over */
    enum effect_kind spreads; /* each unit of parcel gets this effect next; EFFECT_NONE = no */
    bool asks_erp;            /* nothing is written yet: the scan waits, and is decided again with the answer */
    struct line_mark mark;    /* rma "" = none */
    bool unlinks;             /* the links and codes that the undone step gave the parcel go with it */
    int64_t undoes;           /* journal row taken back, 0 = none */
    char lead[KEY_SIZE];      /* the lead who allowed it, "" = nobody had to */
    bool apply_kept;          /* a lead's badge: decide the session's pending_code once more, with this lead */
    int64_t lpns_used, parcel_codes_used;
    bool takes_roll_lpn;      /* the unit's LPN is off a roll: from now on it is never another's */
    size_t event_count;
    struct event events[OUTCOME_EVENTS_MAX]; /* the last: what is behind event_count is not even zeroed */
};

/* An outcome of nothing yet. */
void outcome_begin(struct outcome *ret_outcome);

/* All events of an outcome, those of its bulk too, in their order. */
size_t outcome_event_count(const struct outcome *outcome);
void outcome_event_at(const struct outcome *outcome, size_t index, struct event *ret_event);
/* The unit of a bulk as this outcome leaves it. */
void outcome_bulk_unit(const struct outcome *outcome, size_t index, struct unit *ret_unit);
/* A new event on the outcome, zeroed but for its type. */
struct event *outcome_event(struct outcome *outcome, enum event_type type);

#endif
