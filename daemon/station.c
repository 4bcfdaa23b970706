/* SPDX-License-Identifier: Apache-2.0 */
/* Scan → candidates → facts → decision → rows, in one transaction a turn of the loop with a savepoint a scan. */
#include "daemon/station_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/workflow.h"
#include "daemon/station_events.h"
#include "daemon/store/effects.h"
#include "daemon/store/stream.h"
#include "daemon/training.h"
#include "protocol/hid/scan.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- one scan ---- */

bool station_write(struct station *station, const struct facts *facts, const struct outcome *outcome,
                   struct session *session, struct encoded *encoded, struct error *err)
{
    if (!records_time(station->store, facts->when.now, &encoded->at, &encoded->clock_unsure, err))
        return false;
    size_t count = outcome_event_count(outcome);
    struct station_event *written = memory_new(count, sizeof *written);
    struct encoded_event *events = memory_new(count, sizeof *events);
    station_encode_events(station->store, &station->options, facts, outcome, session, encoded, written, events);
    encoded->events = events;
    encoded->sequence = facts->next_sequence;
    bool is_lesson = facts->rules != NULL && facts->rules->training;
    bool ok = is_lesson ? training_write(station->training, outcome, session, encoded, err)
                        : records_write(station->store, outcome, session, encoded, err);
    for (size_t i = 0; i < count; i++)
        free(written[i].body);
    free(written);
    free(events);
    return ok;
}

bool station_label(struct station *station, const struct station_lane *lane, const struct facts *facts,
                   const struct outcome *outcome, struct label *ret_label, struct encoded *encoded, struct error *err)
{
    *ret_label = (struct label){.template_hash = ""};
    encoded->printer = lane->printer;
    if (outcome->print.copy == 0)
        return true;
    struct label_maker maker = station->maker;
    maker.store = facts->rules->training ? training_copy(station->training) : station->store;
    if (!labels_make(&maker, facts, outcome, lane->rules.dpi, ret_label, err))
        return false;
    encoded->label_code = ret_label->code;
    encoded->template_hash = ret_label->template_hash;
    encoded->zpl = ret_label->zpl.data;
    encoded->zpl_length = ret_label->zpl.length;
    encoded->is_sending = station->options.reserve_printer != NULL &&
                          station->options.reserve_printer(station->options.context, lane->printer, &encoded->counter,
                                                           &encoded->identity);
    return true;
}

/* What cannot be printed is refused, not decided without a label. */
static void make_label(struct station *station, const struct station_lane *lane, const struct facts *facts,
                       struct session *session, struct outcome *outcome, struct label *label, struct encoded *encoded)
{
    struct error err = {0};
    if (station_label(station, lane, facts, outcome, label, encoded, &err))
        return;
    log_write(LOG_ERR, "lane %s: label: %s", lane->name, err.message);
    workflow_refuse(facts, message_text(message_of(MESSAGE_LABEL_TOO_BIG), 0, err.message), session, outcome);
}

static size_t classify_scan(const struct station *station, const struct waiting *scan, struct candidate *candidates)
{
    if (scan->photo.sha256[0] != '\0')
        return 0;
    if (scan->total <= scan->length)
        return classify(station->options.classify, scan->bytes, scan->length, scan->aim, candidates);
    candidates[0] = (struct candidate){.class = CANDIDATE_REFUSED};
    TEXT_COPY(candidates[0].detail, "too_long");
    return 1;
}

/* One scan on its way to the rows. */
struct deciding {
    struct station *station;
    const struct waiting *scan; /* what is decided: as scanned, or the kept scan that a lead allows */
    struct waiting kept;
    struct gather gather;
    struct store *store; /* the station's, or the copy of a lesson */
    struct lane_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    char code[VALUE_SIZE], read[VALUE_SIZE], kept_code[VALUE_SIZE], lead[KEY_SIZE];
    struct facts facts;
    struct session session;
    struct outcome outcome;
};

/* Of a lesson, only events and labels are the station's: they are numbered there. The ERP is not asked about it. */
static bool gather_facts(struct deciding *deciding, struct error *err)
{
    static const struct candidate none = {.class = CANDIDATE_REFUSED};
    struct station *station = deciding->station;
    const struct candidate *first = deciding->gather.count > 0 ? deciding->candidates : &none;
    if (deciding->store == NULL &&
        !training_choose(station->training, deciding->scan->lane, first, &deciding->store, err))
        return false;
    bool is_lesson = deciding->store != station->store;
    deciding->rules = deciding->scan->lane->rules;
    deciding->rules.training = is_lesson;
    if (is_lesson)
        deciding->gather.erp = ERP_NO_SUCH;
    return records_gather(deciding->store, &deciding->gather, &deciding->facts, err) &&
           (!is_lesson || records_next_sequence(station->store, &deciding->facts.next_sequence, err));
}

static bool decide_code(struct deciding *deciding, struct error *err)
{
    const struct waiting *scan = deciding->scan;
    text_escape(deciding->code, sizeof deciding->code, scan->bytes, scan->length);
    deciding->gather.code = deciding->code;
    deciding->gather.total = scan->total;
    deciding->gather.photo = scan->photo.sha256[0] != '\0' ? &scan->photo : NULL;
    deciding->gather.too_long = scan->total > scan->length;
    deciding->gather.count = classify_scan(deciding->station, scan, deciding->candidates);
    if (!gather_facts(deciding, err))
        return false;
    struct outcome *outcome = &deciding->outcome;
    (deciding->gather.photo != NULL ? workflow_photo : workflow_scan)(&deciding->facts, &deciding->session, outcome);
    if (scan->is_doubtful && (outcome->signal == SIGNAL_OK || outcome->signal == SIGNAL_INFO))
        deciding->session.last_signal = outcome->signal = SIGNAL_ATTENTION;
    return true;
}

/* A lead's badge: the scan that was kept for it is decided in its place. */
static bool decide_kept(struct deciding *deciding, struct error *err)
{
    TEXT_COPY(deciding->kept_code, deciding->facts.session.pending_code);
    TEXT_COPY(deciding->lead, deciding->facts.scanned.badge.id);
    TEXT_COPY(deciding->read, deciding->code);
    deciding->kept = (struct waiting){.lane = deciding->scan->lane, .bytes = (uint8_t *)deciding->kept_code};
    deciding->kept.length = deciding->kept.total = strlen(deciding->kept_code);
    deciding->scan = &deciding->kept;
    deciding->gather.read = deciding->read;
    deciding->gather.lead = deciding->lead;
    facts_done(&deciding->facts);
    return decide_code(deciding, err);
}

static bool store_decided(struct deciding *deciding, struct station_answer *answer, struct error *err)
{
    const struct waiting *scan = deciding->scan;
    struct outcome *outcome = &deciding->outcome;
    struct session *session = &deciding->session;
    struct label label = {0};
    struct encoded encoded = {.device = deciding->gather.device, .aim = scan->aim, .code = scan->bytes,
                              .code_length = scan->length};
    make_label(deciding->station, scan->lane, &deciding->facts, session, outcome, &label, &encoded);
    *answer = (struct station_answer){.signal = outcome->signal, .message = outcome->message, .next = outcome->next,
                                      .repeated = session->repeated, .bounced = outcome->silent, .stored = true};
    bool ok = outcome->silent || station_write(deciding->station, &deciding->facts, outcome, session, &encoded, err);
    buffer_done(&label.zpl);
    return ok;
}

static struct asking *asking_of(struct station *station, const struct waiting *scan)
{
    return &station->asking[scan->lane - station->options.lanes];
}

static bool decide(struct station *station, const struct waiting *scan, struct moment when,
                   struct station_answer *answer, struct error *err)
{
    struct asking *asking = asking_of(station, scan);
    struct deciding *deciding = memory_new(1, sizeof *deciding);
    deciding->station = station;
    deciding->scan = scan;
    deciding->gather = (struct gather){.lane = scan->lane->name, .run = station->run, .device = scan->device,
                                       .rules = &deciding->rules, .when = when, .candidates = deciding->candidates};
    station_said(asking, &station->options, &deciding->gather);
    bool ok = decide_code(deciding, err) && (!deciding->outcome.apply_kept || decide_kept(deciding, err));
    asking->open = false;
    if (ok && deciding->outcome.asks_erp)
        station_begin_asking(asking, deciding->candidates, deciding->gather.count);
    else
        ok = ok && store_decided(deciding, answer, err);
    facts_done(&deciding->facts);
    free(deciding);
    return ok;
}

/* ---- a turn of the loop: all that waits, one commit ---- */

static void not_stored(struct station_answer *answer)
{
    *answer = (struct station_answer){.signal = SIGNAL_STOP, .message = message_of(MESSAGE_NOT_STORED)};
    answer->next = answer->message;
}

static bool decide_in_savepoint(struct station *station, const struct waiting *scan, struct moment when,
                                struct station_answer *answer)
{
    struct error err = {0};
    if (store_savepoint(station->store, &err) && decide(station, scan, when, answer, &err) &&
        store_release(station->store, &err))
        return true;
    log_write(LOG_ERR, "lane %s: scan not stored: %s", scan->lane->name, err.message);
    store_undo_savepoint(station->store);
    not_stored(answer);
    return false;
}

/* ret_waits: this scan waits for the ERP, or behind one of its lane that does. */
static bool commit_all(struct station *station, struct station_answer *answers, bool *ret_waits, size_t count)
{
    struct error err = {0};
    struct moment when = clock_read();
    bool ok = store_begin(station->store, &err);
    for (size_t i = 0; i < count; i++) {
        struct asking *asking = asking_of(station, &station->queue[i]);
        bool is_held = asking->open && !asking->answered;
        if (ok && !is_held) {
            decide_in_savepoint(station, &station->queue[i], when, &answers[i]);
            ok = store_in_transaction(station->store) ||
                 error_set(&err, ERROR_IO, "the database gave the transaction up");
        } else if (!is_held) {
            asking->open = false;
        }
        ret_waits[i] = asking->open;
    }
    ok = ok &&
         (station->options.before_commit == NULL || station->options.before_commit(station->options.context, &err));
    ok = ok && store_commit(station->store, &err);
    training_end(station->training, ok);
    if (!ok) {
        log_write(LOG_ERR, "%zu scan(s) not stored: %s", count, err.message);
        store_rollback(station->store);
    }
    return ok;
}

static void give_answer(struct station *station, struct waiting *scan, struct station_answer *answer)
{
    answer->lane = scan->lane->name;
    answer->device = scan->device;
    station->not_stored[scan->lane - station->options.lanes] = !answer->stored;
    if (station->options.answered != NULL)
        station->options.answered(station->options.context, answer);
    if (scan->answer != NULL)
        scan->answer(scan->context, answer);
    free(scan->bytes);
}

static void run_queue(void *context)
{
    struct station *station = context;
    size_t count = station->count, left = 0;
    struct station_answer *answers = memory_new(count, sizeof *answers);
    bool *waits = memory_new(count, sizeof *waits);
    bool stored = commit_all(station, answers, waits, count);
    for (size_t i = 0; i < count; i++) {
        if (waits[i]) {
            station->queue[left++] = station->queue[i];
            continue;
        }
        if (!stored)
            not_stored(&answers[i]);
        give_answer(station, &station->queue[i], &answers[i]);
    }
    free(answers);
    free(waits);
    memmove(station->queue + left, station->queue + count, (station->count - count) * sizeof station->queue[0]);
    station->count -= count - left;
    if (station->count > left)
        loop_post(station->work);
    station->options.committed(station->options.context);
    if (left > 0)
        station_ask(station);
}

/* ---- the face ---- */

struct station *station_new(struct loop *loop, struct store *store, const struct station_options *options,
                            struct error *err)
{
    if (options->lane_count == 0) {
        error_set(err, ERROR_INVALID, "a station needs at least one lane");
        return NULL;
    }
    struct station *station = memory_new(1, sizeof *station);
    station->loop = loop;
    station->store = store;
    station->options = *options;
    station->maker = (struct label_maker){.store = store, .catalog = options->catalog, .set = options->labels,
                                          .station = options->station, .demo = options->demo};
    station->training = training_new(store);
    station->not_stored = memory_new(options->lane_count, sizeof(bool));
    unsigned char random[16];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(station->run, sizeof station->run, random, sizeof random);
    station->asking = memory_new(options->lane_count, sizeof *station->asking);
    for (size_t i = 0; i < options->lane_count; i++)
        station->asking[i].station = station;
    station->work = loop_add_work(loop, "station", LOOP_COMMIT, run_queue, station);
    station->effects = loop_add_work(loop, "effects", LOOP_BACKGROUND, station_run_effects, station);
    if (!effects_set_failed(store, 0, false, err))
        return station_free(station);
    loop_post(station->effects); /* what an earlier run left */
    station_begin_verifying(station);
    return station;
}

struct station *station_free(struct station *station)
{
    if (station == NULL)
        return NULL;
    station_stop_asking(station);
    station_end_verifying(station);
    loop_remove(station->work);
    loop_remove(station->effects);
    for (size_t i = 0; i < station->count; i++)
        free(station->queue[i].bytes);
    training_free(station->training);
    free(station->not_stored);
    free(station->asking);
    free(station);
    return NULL;
}

const struct station_lane *station_find_lane(const struct station *station, const char *name)
{
    for (size_t i = 0; i < station->options.lane_count; i++)
        if (text_equal(station->options.lanes[i].name, name))
            return &station->options.lanes[i];
    return NULL;
}

const struct station_options *station_settings(const struct station *station)
{
    return &station->options;
}

void station_set_labels(struct station *station, const struct label_set *labels)
{
    station->options.labels = station->maker.set = labels;
}

struct store *station_shown(const struct station *station, const struct station_lane *lane)
{
    return training_shown(station->training, lane);
}

bool station_not_stored(const struct station *station, const char *lane)
{
    const struct station_lane *found = station_find_lane(station, lane);
    return found != NULL && station->not_stored[found - station->options.lanes];
}

bool station_submit(struct station *station, const struct station_scan *scan, station_answer_fn *answer, void *context,
                    struct error *err)
{
    const struct station_lane *lane = station_find_lane(station, scan->lane);
    if (lane == NULL)
        return error_set(err, ERROR_NOT_FOUND, "no lane %s", scan->lane);
    if (station->count == STATION_QUEUE_MAX)
        return error_set(err, ERROR_BUSY, "%d scans wait already", STATION_QUEUE_MAX);
    if (station_asks_enough(station, lane))
        return error_set(err, ERROR_BUSY, "lane %s: %d scans wait for the ERP already", lane->name, STATION_HELD_MAX);
    struct waiting *waiting = &station->queue[station->count++];
    *waiting = (struct waiting){.lane = lane, .answer = answer, .context = context, .total = scan->total,
                                .is_doubtful = scan->is_doubtful};
    waiting->length = scan->length <= SCAN_BYTES_MAX ? scan->length : SCAN_BYTES_MAX;
    if (scan->photo != NULL)
        waiting->photo = *scan->photo;
    waiting->bytes = memory_new(waiting->length + 1, 1);
    memcpy(waiting->bytes, scan->bytes, waiting->length);
    TEXT_COPY(waiting->device, scan->device);
    TEXT_COPY(waiting->aim, scan->aim);
    loop_post(station->work);
    return true;
}

void station_forget(struct station *station, const void *context)
{
    for (size_t i = 0; i < station->count; i++)
        if (station->queue[i].context == context)
            station->queue[i].answer = NULL;
}
