/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the core: one scan being decided, and the rows of the transition table. */
#ifndef DAEMON_CORE_TURN_H
#define DAEMON_CORE_TURN_H

#include "daemon/core/facts.h"
#include "daemon/core/policy.h"

/* What a scanned code offers itself as; several at once are possible, the table's order decides. */
enum trigger {
    TRIGGER_COMMAND,
    TRIGGER_BADGE,
    TRIGGER_BADGE_UNKNOWN,
    TRIGGER_LPN,
    TRIGGER_LPN_UNKNOWN,
    TRIGGER_CONTAINER,
    TRIGGER_LOCATION,
    TRIGGER_PARCEL,
    TRIGGER_LOAD,
    TRIGGER_UNKNOWN_LOAD,
    TRIGGER_RMA,
    TRIGGER_AMBIGUOUS,
    TRIGGER_ITEM,
    TRIGGER_SERIAL,
    TRIGGER_UNKNOWN_PARCEL,
    TRIGGER_REFUSED,
    TRIGGER_UNKNOWN,
    TRIGGER_COUNT
};

/* What the lane has in hand. */
enum hand { HAND_NOTHING, HAND_PARCEL, HAND_INSPECTING, HAND_GRADED, HAND_DECIDED, HAND_COUNT };

#define BIT(n) (1u << (unsigned)(n))
#define DOCK BIT(LANE_DOCK)
#define BENCH BIT(LANE_BENCH)
#define EITHER (DOCK | BENCH)
#define COMMAND(verb) TRIGGER_COMMAND, VERB_##verb, VERB_##verb /* of a row: one card */
#define ANY_HAND (BIT(HAND_COUNT) - 1)
#define NO_UNIT (BIT(HAND_NOTHING) | BIT(HAND_PARCEL))
#define WITH_UNIT (BIT(HAND_INSPECTING) | BIT(HAND_GRADED) | BIT(HAND_DECIDED))

struct turn {
    const struct facts *facts;
    struct session *session;
    struct outcome *out;
    enum lane_mode mode;        /* dock or bench */
    enum hand hand;
    unsigned offers;            /* bits of enum trigger */
    enum verb verb;
    enum pending asked;         /* the question this scan may answer */
    int64_t asked_id;           /* session.pending_id of that question */
    const struct candidate *item; /* the candidate that fits an item, NULL = none */
    const struct rma *item_rma;   /* its RMA and line in the parcel in hand, NULL = none */
    const struct rma_line *item_line;
    bool item_full;             /* it fits, but every piece of its lines is there already */
    int item_rivals;            /* RMAs in the parcel that it fits, where it fits none of the RMA scanned last */
    struct parcel parcel;       /* in hand, working copies */
    struct unit unit;
};

struct row {
    const char *name;
    unsigned modes;
    enum trigger trigger;
    enum verb first, last;      /* for TRIGGER_COMMAND: the verbs first … last */
    unsigned hands;
    enum pending asked;         /* PENDING_NONE = whatever was asked */
    bool (*guard)(const struct turn *turn); /* NULL = always */
    void (*apply)(struct turn *turn);
};

/* The table in its parts. */
extern const struct row count_rows[], inspect_rows[], lane_rows[], batch_rows[], container_rows[], correct_rows[],
    hold_rows[], close_rows[], item_rows[], unit_rows[], label_rows[], parcel_rows[], load_rows[], photo_rows[],
    last_rows[];
extern const size_t count_row_count, inspect_row_count, lane_row_count, batch_row_count, container_row_count,
    correct_row_count, hold_row_count, close_row_count, item_row_count, unit_row_count, label_row_count,
    parcel_row_count, load_row_count, photo_row_count, last_row_count;
/* They are searched in this order: first match wins. */
extern const struct table_part {
    const struct row *rows;
    const size_t *count;
} table_parts[];
extern const size_t table_part_count;

void answer(struct turn *turn, enum action action, enum signal signal, struct message message);
/* Something the worker did wrong or must decide: attention tone, nothing changes. */
void refuse(struct turn *turn, struct message message);
/* Asks, by attention: the next scan may answer. id: the parcel or unit it is about. */
void ask(struct turn *turn, enum pending pending, int64_t id, struct message message);
/* Refuses what a lead may allow: the scan is kept, and SUPER with a lead's badge applies it. */
void refuse_without_lead(struct turn *turn, struct message message);
/* True if a lead is signed in, or allows this scan by his badge. */
bool turn_has_lead(const struct turn *turn);
/* A fault that must not be passed over: stop tone, latched. */
void stop(struct turn *turn, struct message message);

struct event *unit_event(struct turn *turn, enum event_type type);
struct event *parcel_event(struct turn *turn, enum event_type type);
/* The RMA and line of the unit in hand, among the parcel in hand's; NULL when blind. */
const struct rma *turn_rma(const struct turn *turn, const char *rma);
const struct rma_line *turn_line(const struct turn *turn);
/* What is known of a parcel: in hand, of the unit in hand, scanned or asked about; parcel_id 0 if none of them. */
const struct parcel_facts *turn_parcel(const struct turn *turn, int64_t parcel_id);
/* What policy_decide looks at for the unit in hand. */
struct policy_case turn_case(const struct turn *turn);
/* What the policy says of the unit in hand, which is graded: verdict, choices, trace. The one disposition there is, or
   NONE: a person chooses. */
enum disposition unit_judge(struct turn *turn);
/* The policy decides on the unit in hand, which is graded: its disposition where there is one only, else a question. */
void unit_apply_policy(struct turn *turn);
/* The unit in hand gets this disposition: a new label, told as an event of that type. */
void unit_decide(struct turn *turn, enum disposition disposition, const char *by, enum event_type type);
/* A new label of the unit in hand: the next generation. */
void unit_print_label(struct turn *turn);
/* Asks which disposition the unit in hand, which is graded, gets. */
void unit_ask_choice(struct turn *turn);
/* The disposition that a card means. */
enum disposition disposition_of(enum verb verb);
/* The label of a job counts no longer: it is voided, or recalled where it may have come out (then true). */
bool retire_label(struct turn *turn, const struct print_job *job);
/* The ERP's label of the unit worked on is to be printed; it is a return to the customer for which none came yet. */
bool carrier_is_due(const struct turn *turn);
bool carrier_is_awaited(const struct turn *turn);
/* Prints it and answers by that message, or why it cannot be printed here, or that it replaces another one. */
void carrier_print(struct turn *turn, enum action action, struct message printed);
/* Its label counts no longer, if there is one: as retire_label. */
bool carrier_retire(struct turn *turn, const struct carrier_label *carrier);
/* The item scanned becomes the unit in hand as a problem for a person to decide. */
void take_problem(struct turn *turn, const char *problem, enum event_type type, enum message_key key);
/* Decides the scan by the table once more, after a row has changed what is in hand: rows chain. */
void run_table(struct turn *turn);
/* What BROKEN, HOLD, REFUSE and LINK are about: the parcel in hand, asked about, or received by the last scan. */
const struct parcel *parcel_meant(const struct turn *turn);
/* Takes the next internal parcel number: "PX" + station + sequence. */
void new_parcel(struct turn *turn);
/* The parcel worked on came with the load that the lane unloads, if there is one. */
void join_load(struct turn *turn);
void add_alias(struct turn *turn, enum ref_kind kind, const char *value);
void print_parcel_label(struct turn *turn, enum label_kind kind);
/* parcel.received, and what is recommended on receipt, for the parcel worked on. */
void arrive(struct turn *turn, const struct rma *rma);
/* The parcel worked on is opened and in hand. */
void open_parcel(struct turn *turn);
/* on_receipt: the whole RMA is recommended once, at its first verified arrival (15-data §3), unless it is void. */
void recommend_on_receipt(struct turn *turn, const struct rma *rma);
/* The parcel worked on, held for this reason until somebody ends it. */
void hold_parcel(struct turn *turn, enum hold_kind kind);
/* The same, if its RMA or a product of that is flagged; true if it is. */
bool hold_flagged(struct turn *turn, const struct rma *rma);
/* Puts the parcel aside that nobody knows: HOLD label, exception. */
void hold_unknown_parcel(struct turn *turn, const char *value);
/* Ends the hold of the parcel worked on: it goes on where it was. how: of exception.resolved. */
void release_hold(struct turn *turn, const char *how);
void refuse_parcel(struct turn *turn);
/* The exception that a hold of this kind opens, and its end resolves. */
extern const char *const hold_exceptions[HOLD_KIND_COUNT];
/* Takes the unit in hand out of its container and out of stock, if it is there, and tells it. */
void leave_stock(struct turn *turn);
/* The unit becomes one of this line. */
void fill_from_line(struct unit *unit, const struct rma *rma, const struct rma_line *line);
/* Opens an exception of this type about the parcel worked on, or about the unit in hand, and tells it. */
void open_exception(struct turn *turn, const char *type, bool of_unit);
void resolve_exception(struct turn *turn, const char *type, const char *how);
/* The parcel worked on gets this RMA too; it is the sticky one from now on. */
void link_rma(struct turn *turn, const struct rma *rma);
/* unit.identified for the unit in hand: so many of its line are here now, so many were expected. */
struct event *tell_identified(struct turn *turn, int64_t received, int64_t expected);
/* Corrects what was told of the unit in hand, if it was told as an item of its line. */
void correct_identified(struct turn *turn, const char *reason);
/* Pieces of the line that are here without this unit. */
int64_t line_others(const struct rma_line *line, const struct unit *unit);
/* Pieces that the scanned code stands for: a case of six has six, what has a serial is one. */
int64_t turn_pieces(const struct turn *turn);
/* The item scanned becomes the unit in hand, on turn->item_line. */
void identify(struct turn *turn);
/* True if the scan repeats the one that raised the question. */
bool same_again(const struct turn *turn);
/* Gives the unit in hand the next LPN, of which no label exists yet, and tells it. */
void turn_new_lpn(struct turn *turn);
/* True if goods like the unit in hand may go there. */
bool place_takes(const struct turn *turn, const struct place *place);
/* True if the unit in hand may go into this container. */
bool container_fits(const struct turn *turn, const struct container *container);
/* Puts the unit in hand there and tells it (stock.delta, container.unit_added); container NULL = none. */
void put_unit(struct turn *turn, const struct container *container, const char *location);
/* Moves the unit in stock and tells it: one stock.delta with the key <lpn>/<n>. reverses "" = none. */
void stock_move(struct turn *turn, const struct stock_place *to, bool reverses);
/* Bits of enum trigger; sets the item fields of the turn. */
unsigned turn_offers(struct turn *turn);
void undo_apply(struct turn *turn);
/* The photo of the facts is one of what the lane has in hand. */
void photo_take(struct turn *turn);
/* This is no scan of goods: a question stays open for the next one, and what the last scan meant is still meant. */
void keep_question(struct turn *turn);
/* Refuses a scan that must wait until the unit in hand is finished. */
void finish_unit_first(struct turn *turn);
/* What is stored of the unit in hand, unit_id 0 = it is new; its product; its answers after this scan. */
const struct unit_facts *turn_unit_facts(const struct turn *turn);
const struct product *turn_product(const struct turn *turn);
const struct inspection *turn_inspection(const struct turn *turn);
/* Gives the unit in hand another grade without asking again: what the grade implies, and the reason found. */
void inspect_regrade(struct turn *turn, enum grade grade);
/* Grades the unit in hand and asks what the grade leaves open; without a question left it is decided. */
void inspect_grade(struct turn *turn, enum grade grade);
/* LIKE: where it holds for the unit that was just identified, grades it as the one before. */
void inspect_like(struct turn *turn);
/* The unit in hand is labelled, or needs no label: it goes to its place (container NULL = none), and what follows. True
   if this closed its parcel. */
bool settle_unit(struct turn *turn, const struct container *container, const char *location);
/* "{0} disposition → {1} place" of the unit that was settled. */
struct message settled_message(const struct turn *turn, enum message_key key);
void tell_settled(struct turn *turn, enum action action, bool closed);
/* Recommends the outcome of the unit in hand: once, and again (superseding) when its label is confirmed again. */
void settle_outcome(struct turn *turn, const struct rma *rma, const struct rma_line *line);
/* True if with this scan everything of the RMA is accounted for. */
bool settle_completes(const struct turn *turn, const struct rma *rma);
/* What this scan adds to a line of that RMA. */
struct line_change turn_change(const struct turn *turn, const struct rma *rma);
/* Tells that everything of the RMA is accounted for. */
void complete_rma(struct turn *turn, const struct rma *rma);
/* Pieces of the parcel's RMAs that nobody has seen yet. */
int64_t parcel_missing(const struct turn *turn);
/* Closes the parcel worked on and tells it. */
void parcel_close(struct turn *turn);
/* True if every line of the parcel's RMAs is accounted for and no unit waits for its label but the one just confirmed.
 */
bool parcel_settled(const struct turn *turn);

#endif
