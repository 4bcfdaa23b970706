/* SPDX-License-Identifier: Apache-2.0 */
/* The station: scans that arrive in one turn of the loop are decided and committed together; answers come after. */
#ifndef DAEMON_STATION_H
#define DAEMON_STATION_H

#include "base/loop.h"
#include "daemon/core/facts.h"
#include "daemon/labels.h"
#include "daemon/lookup.h"
#include "protocol/barcode/classify.h"

struct station;
struct store;

struct station_lane {
    char name[KEY_SIZE];
    char printer[KEY_SIZE]; /* "" = none: no label is printed */
    struct lane_rules rules;
};

struct station_answer {
    const char *lane, *device;
    enum signal signal;
    struct message message, next;
    bool repeated; /* "already stored": the answer of a scan that an earlier run stored */
    bool bounced;  /* the same code within a second: it counted once */
    bool stored;   /* false: nothing was stored, scan again */
};
typedef void station_answer_fn(void *context, const struct station_answer *answer);

struct station_options {
    const char *site, *station, *version;
    const char *uri; /* as in struct event_context */
    const struct station_lane *lanes; /* the caller's, for the station's life */
    size_t lane_count;
    const struct classify_rules *classify;
    const struct catalog *catalog;
    const struct label_set *labels;
    bool demo;
    /* Asks the ERP for the first of these values that it knows; answer is called once, at once or later. NULL: there is
       no ERP, and what the directory does not know is unknown. */
    void (*ask_erp)(void *erp, const struct lookup_value *values, size_t count, lookup_fn *answer, void *asker);
    void (*forget_erp)(void *erp, const void *asker);
    bool (*has_erp)(void *erp); /* false: nobody ever told or answered anything, so nobody is waited for; NULL = true */
    void *erp;
    int64_t verify_ms; /* how often it is asked about what came unverified; 0 = only by station_verify */
    const char *boot; /* names this boot of the machine (clock_boot); NULL = not known */
    /* True if the printer would send a label at once: its job is then stored as sending, with this evidence, in the
       decision's own commit, and `committed` sends it. NULL = never. */
    bool (*reserve_printer)(void *context, const char *printer, int64_t *ret_counter, const char **ret_identity);
    /* Inside the transaction, before COMMIT: what may ride on it (the feed's cursors). */
    bool (*before_commit)(void *context, struct error *err);
    /* After each COMMIT, answers given: wake what reads rows behind a cursor. */
    loop_fn *committed;
    /* Every answer, after the commit (feedback to scanners). May be NULL. */
    station_answer_fn *answered;
    void *context;
};

#define STATION_HELD_MAX 16 /* scans of a lane that wait behind one that asks the ERP */

struct station *station_new(struct loop *loop, struct store *store, const struct station_options *options,
                            struct error *err) MUST_CHECK;
struct station *station_free(struct station *station);

struct station_scan {
    const char *lane, *device;
    const void *bytes;
    size_t length, total; /* total: bytes sent, where more than length was not kept */
    const char *aim;
    const struct photo *photo; /* of what is in hand, instead of a code: its file is on the disk. NULL = none */
    bool is_doubtful; /* of a scanner that kept it, or that had to be guessed right: ok becomes attention */
};
/* Queues a scan; answer is called after the commit of this turn of the loop (or its failure), never from inside.
   False: no such lane, or too many scans wait. */
bool station_submit(struct station *station, const struct station_scan *scan, station_answer_fn *answer, void *context,
                    struct error *err) MUST_CHECK;
/* Scans that wait for an answer with this context get none (the client went away); they are decided all the same. */
void station_forget(struct station *station, const void *context);
/* The lane of that name, or NULL. */
const struct station_lane *station_find_lane(const struct station *station, const char *name);
const struct station_options *station_settings(const struct station *station);
/* Labels made from now on come from this set, which must outlive its use. */
void station_set_labels(struct station *station, const struct label_set *labels);
/* Where what the lane has in hand is stored: the station's store, or the copy that a trainee works on. */
struct store *station_shown(const struct station *station, const struct station_lane *lane);
/* True if the lane's last scan was not stored: what its screen must say until the next scan. */
bool station_not_stored(const struct station *station, const char *lane);
/* The code that the lane asks the ERP about, NULL = none. */
const char *station_asking(const struct station *station, const char *lane);
/* Asks the ERP for the parcels that were received unverified: by itself now and then, at once when this is called. */
void station_verify(void *station);
/* There may be effects of what the ERP told: call after each commit that may have stored some. Accepts NULL. */
void station_wake_effects(struct station *station);
/* Records that the station starts or stops, with an event, in a transaction of its own. */
bool station_record(struct station *station, enum action action, const char *reason, struct error *err) MUST_CHECK;
/* Stores what became of a device, as an event, in a transaction of its own; not from inside another one. */
struct station_notice {
    enum event_type type; /* EVENT_SCANNER_… or EVENT_PRINTER_… */
    const char *lane, *device, *mode, *reason;
    int64_t jobs; /* of a printer: labels that wait */
};
bool station_notice(struct station *station, const struct station_notice *notice, struct error *err) MUST_CHECK;

#endif
