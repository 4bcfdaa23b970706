/* SPDX-License-Identifier: Apache-2.0 */
/* Which scans are lessons, and what the station keeps of them. */
#include "daemon/training.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>

struct training {
    struct store *station, *copy; /* copy NULL = no lesson yet */
};

struct training *training_new(struct store *station)
{
    struct training *training = memory_new(1, sizeof *training);
    training->station = station;
    return training;
}

struct training *training_free(struct training *training)
{
    if (training == NULL)
        return NULL;
    store_close(training->copy);
    free(training);
    return NULL;
}

static bool open_copy(struct training *training, struct error *err)
{
    if (training->copy == NULL)
        training->copy = store_open_training(training->station, err);
    return training->copy != NULL || error_prefix(err, "training");
}

/* Whoever signed in at the station is the one who learns. */
static bool sign_in(struct training *training, const struct station_lane *lane, const char *trainee,
                    struct session *ret_session, struct error *err)
{
    if (!records_session(training->copy, lane->name, &lane->rules, ret_session, err))
        return false;
    if (trainee[0] == '\0' || text_equal(ret_session->operator_id, trainee))
        return true;
    TEXT_COPY(ret_session->operator_id, trainee);
    return records_write_session(training->copy, ret_session, err);
}

/* Who is there is the station's, unless the lesson has asked for a badge. */
static bool is_about_people(const struct candidate *first, const struct session *lesson)
{
    bool asks = lesson->pending == PENDING_BADGE || lesson->pending == PENDING_SEAL_BADGE ||
                lesson->pending == PENDING_DESTROYED;
    return first->verb == VERB_LOGOUT || (first->class == CANDIDATE_BADGE && !asks);
}

bool training_choose(struct training *training, const struct station_lane *lane, const struct candidate *first,
                     struct store **ret_store, struct error *err)
{
    char trainee[KEY_SIZE] = "";
    bool asked = false;
    struct session lesson;
    *ret_store = training->station;
    if (!lane->rules.training && !records_trainee(training->station, lane->name, trainee, &asked, err))
        return false;
    if (asked || (!lane->rules.training && trainee[0] == '\0'))
        return true;
    if (!open_copy(training, err) ||
        (!store_in_transaction(training->copy) && !store_begin(training->copy, err)) ||
        !sign_in(training, lane, trainee, &lesson, err))
        return false;
    if (lane->rules.training || !is_about_people(first, &lesson))
        *ret_store = training->copy;
    return true;
}

struct store *training_shown(struct training *training, const struct station_lane *lane)
{
    char trainee[KEY_SIZE] = "";
    bool asked = false;
    if (training->copy == NULL)
        return training->station;
    if (!lane->rules.training && !records_trainee(training->station, lane->name, trainee, &asked, NULL))
        return training->station;
    return !asked && (lane->rules.training || trainee[0] != '\0') ? training->copy : training->station;
}

struct store *training_copy(const struct training *training)
{
    return training->copy;
}

/* What happened to goods stays in the copy; the label names none. */
static void keep_traces_only(const struct outcome *outcome, struct outcome *ret_kept)
{
    *ret_kept = (struct outcome){.signal = outcome->signal, .message = outcome->message, .action = ACTION_TRAINING,
                                 .print = outcome->print, .lpns_used = outcome->lpns_used,
                                 .parcel_codes_used = outcome->parcel_codes_used};
    ret_kept->print.unit_id = ret_kept->print.parcel_id = 0;
}

static bool keep_traces(struct training *training, const struct outcome *outcome, const struct session *session,
                        const struct encoded *encoded, struct error *err)
{
    struct outcome *kept = memory_new(1, sizeof *kept);
    keep_traces_only(outcome, kept);
    bool ok = records_write_traces(training->station, kept, session, outcome_event_count(outcome), encoded, err);
    free(kept);
    return ok;
}

bool training_write(struct training *training, const struct outcome *outcome, struct session *session,
                    const struct encoded *encoded, struct error *err)
{
    if (!store_savepoint(training->copy, err))
        return false;
    if (records_write_lesson(training->copy, outcome, session, encoded, err) &&
        keep_traces(training, outcome, session, encoded, err) && store_release(training->copy, err))
        return true;
    store_undo_savepoint(training->copy);
    return false;
}

void training_end(struct training *training, bool stored)
{
    struct error err = {0};
    if (training->copy == NULL || !store_in_transaction(training->copy))
        return;
    if (!stored)
        store_rollback(training->copy);
    else if (!store_commit(training->copy, &err))
        log_write(LOG_ERR, "training: %s", err.message);
}
