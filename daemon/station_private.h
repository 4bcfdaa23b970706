/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the station: its queue of scans, and how an outcome gets its label, its events and its rows. */
#ifndef DAEMON_STATION_PRIVATE_H
#define DAEMON_STATION_PRIVATE_H

#include "daemon/station.h"
#include "daemon/store/records.h"

#define STATION_QUEUE_MAX 1024

struct waiting {
    const struct station_lane *lane;
    char device[KEY_SIZE];
    char aim[4];
    size_t length, total;
    bool is_doubtful;
    uint8_t *bytes;
    struct photo photo; /* sha256 "" = it is a scan */
    station_answer_fn *answer;
    void *context;
};

/* A lane's question to the ERP: its scan stays first in the queue, and what the lane scans meanwhile behind it. */
struct asking {
    struct station *station;
    bool open, put, answered; /* put: it was asked; answered: the scan can be decided */
    enum lookup_answer said;
    char rma[KEY_SIZE];
    struct lookup_value values[LOOKUP_VALUES_MAX];
    size_t count;
};

/* The parcel that the ERP is asked about once more. */
struct verifying {
    struct station *station;
    struct loop_source *work, *timer;
    bool open;
    int64_t after;        /* its id: those up to it were asked for in this round */
    char code[LPN_SIZE];
    int32_t day;          /* on which expected parcels were looked at last */
};

struct station {
    struct loop *loop;
    struct store *store;
    struct station_options options;
    struct label_maker maker;
    struct training *training;
    struct loop_source *work, *effects;
    char run[33];
    struct waiting queue[STATION_QUEUE_MAX];
    size_t count;
    bool *not_stored;      /* by lane */
    struct asking *asking; /* likewise */
    struct verifying verifying;
};

/* Encodes the events and writes the rows of an outcome into the open transaction; those of a lesson into the copy. */
bool station_write(struct station *station, const struct facts *facts, const struct outcome *outcome,
                   struct session *session, struct encoded *encoded, struct error *err) MUST_CHECK;
/* Renders the label of an outcome, if it has one, before anything is stored. */
bool station_label(struct station *station, const struct station_lane *lane, const struct facts *facts,
                   const struct outcome *outcome, struct label *ret_label, struct encoded *encoded, struct error *err)
    MUST_CHECK;

/* ---- station_ask.c ---- */

/* What the ERP has said of this scan, into the gather that decides it. */
void station_said(const struct asking *asking, const struct station_options *options, struct gather *gather);
/* The scan waits for the ERP from now on. */
void station_begin_asking(struct asking *asking, const struct candidate *candidates, size_t count);
/* Asks for every lane whose scan was found to be unknown: outside of any transaction. */
void station_ask(struct station *station);
/* The lane asks, and holds as many scans behind that one as it may. */
bool station_asks_enough(const struct station *station, const struct station_lane *lane);
/* No answer is wanted any more. */
void station_stop_asking(struct station *station);

/* ---- station_effects.c ---- */

/* Decides effects that wait, a slice of them. */
void station_run_effects(void *station);

/* ---- station_verify.c ---- */

void station_begin_verifying(struct station *station);
void station_end_verifying(struct station *station);

#endif
