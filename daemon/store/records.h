/* SPDX-License-Identifier: Apache-2.0 */
/* What the station writes and reads again: facts for a decision, the commit of an outcome, journal, events, print jobs.
 */
#ifndef DAEMON_STORE_RECORDS_H
#define DAEMON_STORE_RECORDS_H

#include "base/buffer.h"
#include "daemon/core/facts.h"
#include "daemon/store/store.h"

/* ---- before a decision ---- */

/* What one scan on a lane is about; candidates stay the caller's. */
struct gather {
    const char *lane, *run, *device;
    const struct lane_rules *rules;
    struct moment when;
    const struct candidate *candidates;
    size_t count, total;
    bool too_long;
    const struct photo *photo; /* taken instead of a scan, NULL = none */
    const char *code; /* escaped, for people */
    const char *read; /* what the scanner read instead: the badge that applies a kept scan; NULL = code */
    const char *lead; /* the operator whose badge that is, NULL = none */
    enum erp_word erp; /* what the ERP said of the code, should nothing here know it */
    const char *found; /* the number of the RMA that it named, NULL = none */
};

/* Fills everything a decision may look at, through the open transaction. Free with facts_done, on failure too. */
bool records_gather(struct store *store, const struct gather *gather, struct facts *ret_facts, struct error *err)
    MUST_CHECK;
/* The ids, numbers and the sequence that come next, into facts. */
bool records_next_ids(struct store *store, struct facts *facts, struct error *err) MUST_CHECK;
/* What UNDO would take back on this lane, into facts->undo. */
bool records_undo(struct store *store, struct facts *facts, struct error *err) MUST_CHECK;
/* The lane's row; a lane never seen before gets its configured mode. */
bool records_session(struct store *store, const char *lane, const struct lane_rules *rules, struct session *ret_session,
                     struct error *err) MUST_CHECK;
bool records_unit(struct store *store, int64_t unit_id, struct unit_facts *ret_unit, struct error *err) MUST_CHECK;
/* What the inspector answered about a unit, and whether an exception of it is open; records_unit calls it. */
bool records_findings(struct store *store, int64_t unit_id, struct unit_facts *ret_unit, struct error *err) MUST_CHECK;
/* The first unit above after_id that was decided at since (UTC ms) or later; 0 = there is no more. */
bool records_next_decided(struct store *store, int64_t since, int64_t after_id, int64_t *ret_unit_id, struct error *err)
    MUST_CHECK;
/* What an inspection looks at beside the unit: the one that LIKE repeats, and whether the clock can be trusted. */
bool records_inspection(struct store *store, struct facts *facts, struct error *err) MUST_CHECK;
bool records_parcel(struct store *store, int64_t parcel_id, struct parcel_facts *ret_parcel, struct error *err)
    MUST_CHECK;
/* What the ERP says of this code; kind PLACE_NONE = nothing. */
bool records_place(struct store *store, const char *code, struct place *ret_place, struct error *err) MUST_CHECK;
bool records_put_place(struct store *store, const struct place *place, struct error *err) MUST_CHECK;
/* The container of that id or code ("" = by id); container_id 0 = there is none. */
bool records_container(struct store *store, int64_t id, const char *code, struct container *ret_container,
                       struct error *err) MUST_CHECK;
/* The load of that id, document or SSCC ("" = by id; with several the one that is not closed); load_id 0 = none. */
bool records_load(struct store *store, int64_t id, const char *code, struct load *ret_load, struct error *err)
    MUST_CHECK;
/* What the ERP announces: code, SSCC, carrier, expected. A load that is known already keeps what the station did. */
bool records_announce_load(struct store *store, const struct load *announced, struct error *err) MUST_CHECK;
/* The destruction batch of that id or code ("" = by id); batch_id 0 = there is none. */
bool records_batch(struct store *store, int64_t id, const char *code, struct batch *ret_batch, struct error *err)
    MUST_CHECK;
/* The units in stock in a container, or those of a batch (code ""); free() them. */
bool records_contents(struct store *store, const char *code, int64_t batch_id, struct unit **ret_units,
                      size_t *ret_count, struct error *err) MUST_CHECK;
bool records_operator(struct store *store, const char *id, struct operator *ret_operator, struct error *err) MUST_CHECK;
/* The operator of a badge: it holds its own number, or the operator's id. */
bool records_badge(struct store *store, const char *badge, struct operator *ret_operator, struct error *err) MUST_CHECK;
/* The unit with this LPN, or the newest one with this serial; 0 if there is none. */
bool records_find_unit(struct store *store, const char *lpn_or_serial, int64_t *ret_unit_id, struct error *err)
    MUST_CHECK;
bool records_find_product(struct store *store, const char *sku, struct product *ret_product, struct error *err)
    MUST_CHECK;
/* Trace of the unit's newest decision. */
bool records_trace(struct store *store, int64_t unit_id, struct trace *ret_trace, struct error *err) MUST_CHECK;

/* The photos that stand of all that the facts are about, into facts->photos. */
bool records_photos(struct store *store, struct facts *facts, struct error *err) MUST_CHECK;
/* Every photo ever taken of a unit and of its parcel itself (unit 0: of the parcel alone), oldest first, at most max. */
bool records_photos_of(struct store *store, int64_t unit_id, int64_t parcel_id, struct photo *ret_photos, size_t max,
                       size_t *ret_count, struct error *err) MUST_CHECK;
/* A photo with this hash, taken off or not; sha256 "" = there is none. */
bool records_photo(struct store *store, const char *sha256, struct photo *ret_photo, struct error *err) MUST_CHECK;

/* True if one of the candidates is in a table: an RMA, a parcel, a product, a unit's serial number. */
bool records_is_known(struct store *store, const struct candidate *candidates, size_t count, bool *ret_known,
                      struct error *err) MUST_CHECK;

/* ---- the commit of an outcome ---- */

/* The rows of an outcome in the form they are stored in: what the core does not know. */
struct encoded_event {
    const char *type, *subject, *body;
};

struct encoded {
    int64_t at;           /* UTC ms */
    bool clock_unsure;
    const char *device, *aim;
    const void *code;     /* the scan's raw bytes */
    size_t code_length;
    int64_t sequence;     /* of the first event; 0 = the next one that is free */
    const struct encoded_event
        *events; /* outcome_event_count of them, with the sequences from facts.next_sequence on */
    const char *printer, *label_code, *template_hash; /* of outcome.print */
    const void *zpl;
    size_t zpl_length;
    bool is_sending;      /* the job is stored as sending, with the evidence taken before its first byte */
    int64_t counter;
    const char *identity;
};

/* Writes an outcome and the lane's new row into the open transaction; ret_session->last_journal is set. */
bool records_write(struct store *store, const struct outcome *outcome, struct session *session,
                   const struct encoded *encoded, struct error *err) MUST_CHECK;

/* ---- the carrier's label of a unit that leaves ---- */

/* What the ERP sent for a unit: one label, made for that resolution (0 = not said). It takes the place of an earlier
   one. */
bool carriers_put(struct store *store, const char *lpn, const char *zpl, int64_t dpi, struct error *err) MUST_CHECK;
/* What is known of the unit's; records_unit calls it. */
bool carriers_find(struct store *store, const struct unit *unit, struct carrier_label *ret_carrier, struct error *err)
    MUST_CHECK;
/* Forgets the bytes, which bear a name and an address, of units that left, or are none any more, and that nobody has
   touched since (UTC ms): at most max labels, and as many jobs. Belongs to the open transaction. */
bool carriers_prune(struct store *store, int64_t since, int64_t max, int64_t *ret_pruned, struct error *err) MUST_CHECK;
/* Its bytes as the ERP sent them; or again those of the newest job, for a copy. ret_hash names them. */
bool carriers_bytes(struct store *store, const struct unit *unit, bool again, struct buffer *ret_zpl, char ret_hash[65],
                    struct error *err) MUST_CHECK;

/* ---- training ---- */

/* The trainee who is signed in at a lane ("" = nobody, or no trainee), and whether the lane has a question or stop for
   whoever is there. */
bool records_trainee(struct store *store, const char *lane, char ret_operator[KEY_SIZE], bool *ret_asked,
                     struct error *err) MUST_CHECK;
bool records_write_session(struct store *store, const struct session *session, struct error *err) MUST_CHECK;
/* records_write for the copy of a station. */
bool records_write_lesson(struct store *copy, const struct outcome *outcome, struct session *session,
                          const struct encoded *encoded, struct error *err) MUST_CHECK;
/* What the station keeps of a lesson: a journal row by whoever is in session, the events, the label, the numbers used.
 */
bool records_write_traces(struct store *store, const struct outcome *outcome, const struct session *session,
                          size_t event_count, const struct encoded *encoded, struct error *err) MUST_CHECK;

/* ---- reports ---- */

/* What a lane did since it was last signed out of, or ("") the station since it last stopped. */
bool records_shift(struct store *store, const char *lane, struct shift_counts *ret_counts,
                   struct error *err) MUST_CHECK;
/* What is kept by a clock that begins anew with each boot means nothing in another: every lease ends. boot names this
   one, "" = nobody knows, nothing ends. Belongs to the open transaction. */
bool records_boot(struct store *store, const char *boot, struct error *err) MUST_CHECK;
/* The sequence that the next event gets. */
bool records_next_sequence(struct store *store, int64_t *ret_sequence, struct error *err) MUST_CHECK;
/* Time for the next journal row: now, or the last row's + 1 ms where the clock is behind it (then unsure). */
bool records_time(struct store *store, int64_t now, int64_t *ret_at, bool *ret_unsure, struct error *err) MUST_CHECK;

/* ---- journal ---- */

struct journal_row {
    int64_t journal, at, parcel_id, unit_id, undoes;
    bool clock_unsure;
    char lane[KEY_SIZE], operator_id[KEY_SIZE], lead[KEY_SIZE], device[KEY_SIZE], action[KEY_SIZE], signal[KEY_SIZE],
        aim[4];
    char code[VALUE_SIZE];     /* escaped */
    char message[512];         /* message_encode */
    char hash[65];
};

/* Hash of the newest row as 64 hex digits ("" in an empty journal): the anchor that goes outside. */
bool journal_last_hash(struct store *store, char ret_hash[65], struct error *err) MUST_CHECK;
/* Follows the chain; false with ERROR_CORRUPT naming the first broken row. ret_rows = rows read. */
bool journal_verify(struct store *store, int64_t *ret_rows, struct error *err) MUST_CHECK;
/* Rows, oldest first, of a unit (unit_id > 0) or the newest of a lane (lane != NULL, newest first). Up to max. */
bool journal_rows(struct store *store, int64_t unit_id, const char *lane, struct journal_row *ret_rows, size_t max,
                  size_t *ret_count, struct error *err) MUST_CHECK;

/* ---- events ---- */

struct event_row {
    int64_t sequence;
    char type[80];
    char *body; /* CloudEvents JSON, owned */
};

/* Events after a sequence, at most max; free each body. type_prefixes: NULL or a list ended by NULL. upto: the last
   sequence looked at, so that a filter's gaps are known to be empty. */
bool outbox_read(struct store *store, int64_t after, const char *const *type_prefixes, struct event_row *ret_rows,
                 size_t max, size_t *ret_count, int64_t *ret_upto, struct error *err) MUST_CHECK;
/* Frees the bodies. */
void outbox_drop(struct event_row *rows, size_t count);
bool outbox_range(struct store *store, int64_t *ret_first, int64_t *ret_last, struct error *err) MUST_CHECK;
bool outbox_cursor(struct store *store, const char *consumer, int64_t *ret_cursor, struct error *err) MUST_CHECK;
bool outbox_set_cursor(struct store *store, const char *consumer, int64_t cursor, int64_t now, struct error *err)
    MUST_CHECK;
struct consumer_row {
    char name[KEY_SIZE];
    int64_t cursor, seen_at;
};
bool outbox_consumers(struct store *store, struct consumer_row *ret_rows, size_t max, size_t *ret_count,
                      struct error *err) MUST_CHECK;
/* Notes whom events are kept for (names between spaces; "" = every consumer), for reports. */
bool outbox_set_required(struct store *store, const char *required, struct error *err) MUST_CHECK;

/* Deletes the oldest events up to floor whose journal row is older than before (UTC ms), at most max; never the newest
   one, which the next sequence is counted from. Belongs to the open transaction. */
bool outbox_prune(struct store *store, int64_t floor, int64_t before, int64_t max, int64_t *ret_pruned,
                  struct error *err) MUST_CHECK;

/* ---- print jobs ---- */

struct job_row {
    struct print_job job;
    char lane[KEY_SIZE], printer[KEY_SIZE], code[VALUE_SIZE], reason[KEY_SIZE], identity[VALUE_SIZE],
        template_hash[65];
    int64_t counter, created_at;
    char *zpl; /* owned */
    size_t zpl_length;
};

/* The oldest job of a printer that is not finished (queued, sending or needs_attention); job_id 0 = none. */
bool jobs_next(struct store *store, const char *printer, struct job_row *ret_job, struct error *err) MUST_CHECK;
/* Writes a state with the job's counter and identity, the evidence taken before the first byte, into the open
   transaction. A job that a scan has settled meanwhile (confirmed, voided, recalled) keeps its state. */
bool jobs_put_state(struct store *store, const struct job_row *job, enum job_state state, const char *reason,
                    int64_t now, struct error *err) MUST_CHECK;
/* The same in a small transaction of its own, as the three below. */
bool jobs_set_state(struct store *store, const struct job_row *job, enum job_state state, const char *reason,
                    int64_t now, struct error *err) MUST_CHECK;
/* Why a printer's queued jobs wait ("" = they no longer do). */
bool jobs_mark_queued(struct store *store, const char *printer, const char *reason, int64_t now, struct error *err)
    MUST_CHECK;
/* Voids a printer's queued jobs that were made before a time. */
bool jobs_void_old(struct store *store, const char *printer, int64_t created_before, int64_t now, int64_t *ret_count,
                   struct error *err) MUST_CHECK;
/* Gives a lane's queued jobs, of which no byte was sent, to another printer. */
bool jobs_move(struct store *store, const char *lane, const char *from, const char *to, int64_t now, int64_t *ret_count,
               struct error *err) MUST_CHECK;
bool jobs_count_open(struct store *store, const char *printer, int64_t *ret_count, struct error *err) MUST_CHECK;
/* Jobs of which nobody knows whether their label came out (unknown, or sent to a printer that does not count), the
   oldest first, at most max. Without their labels. */
bool jobs_in_doubt(struct store *store, struct job_row *ret_rows, size_t max, size_t *ret_count, struct error *err)
    MUST_CHECK;
/* A person has looked. It came out: printed. It did not: queued again, or voided where a newer one took its place.
   *ret_state is what became of it; *ret_found is false where it is not in doubt. A transaction of its own. */
bool jobs_answer(struct store *store, int64_t job_id, bool came_out, int64_t now, enum job_state *ret_state,
                 bool *ret_found, struct error *err) MUST_CHECK;
/* Queues a card: a label of no unit and no parcel. In a transaction of its own. */
bool jobs_add_card(struct store *store, const struct job_row *job, const char *template_hash, int64_t *ret_job_id,
                   struct error *err) MUST_CHECK;
/* The newest job of a unit's own label or of a parcel's (the other id 0); job_id 0 = none. */
bool jobs_newest(struct store *store, int64_t unit_id, int64_t parcel_id, struct job_row *ret_job, struct error *err)
    MUST_CHECK;
/* The newest job of its carrier's label. */
bool jobs_newest_carrier(struct store *store, int64_t unit_id, struct job_row *ret_job, struct error *err) MUST_CHECK;
/* Of the two the newer one; a carrier's label that counts no more is passed over. */
bool jobs_last(struct store *store, int64_t unit_id, int64_t parcel_id, struct job_row *ret_job, struct error *err)
    MUST_CHECK;

#endif
