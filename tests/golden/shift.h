/* SPDX-License-Identifier: Apache-2.0 */
/* A shift: a story in tests/golden/shifts, played by the real station on a scratch database and a clock of the
   test's own. README.md there says how a trace is written. */
#ifndef TESTS_GOLDEN_SHIFT_H
#define TESTS_GOLDEN_SHIFT_H

#include "daemon/station.h"
#include "tests/support/house.h"
#include "tests/support/ledger.h"

#define SHIFT_LANES 8
#define SHIFT_WORKERS 16
#define SHIFT_WORDS 32
#define SHIFT_DAY INT64_C(1795564800000) /* 2026-11-25T00:00:00Z, the day of a shift unless it says another */

/* A line cut into its words; double quotes hold a word together. */
struct words {
    char text[2000];
    char *word[SHIFT_WORDS];
    size_t count;
};

/* What the last scan did, noted while the core decided it. */
struct noted {
    const char *row;            /* NULL = a rule for every scan */
    enum action action, undone; /* undone: what an UNDO took back */
    bool silent, lesson;        /* lesson: decided on the copy that trainees work on */
    int64_t parcel_id, unit_id; /* that it changed, else what the lane has in hand; 0 = none */
    char worker[KEY_SIZE];      /* who scanned: the operator, or the lane where nobody is signed in */
};

struct worker {
    char name[KEY_SIZE];
    int scans, parcels, units;  /* badges and double reads are not counted */
    bool budgeted, counted;     /* the trace said how many they may be, and how many they were */
    int a_parcel, a_unit, more; /* budget */
};

struct shift {
    const char *path;
    int line;    /* of the trace, for messages */
    bool broken; /* something was not as the trace says */
    struct house house;
    struct loop *loop;
    struct station *station;
    struct catalog *catalog;
    struct label_set *labels;
    struct classify_rules *classify;
    const struct checklist_set *checklists;
    struct policy_set policies; /* as shipped, or the one policy of the trace's own */
    struct policy policy;
    struct station_lane lanes[SHIFT_LANES];
    size_t lane_count;
    bool answered;
    struct station_answer answer;
    int64_t day;     /* UTC ms of its midnight */
    int64_t told;    /* sequence of the last event written into the trace */
    int64_t printed; /* likewise the last print job */
    bool erp_down;
    char boot[KEY_SIZE]; /* which boot of the machine this is */
    struct ledger erp; /* what the ERP has read */
    json_t *known;     /* RMAs that the ERP alone knows, to be asked for */
    bool only_known;   /* the RMA being read is one of them */
    json_t *rma;       /* being read: its "line" and "ref" lines follow */
    struct worker workers[SHIFT_WORKERS];
    size_t worker_count;
    int stock_rows; /* stated by the trace */
    char title[200], covers[400];
};

/* Says what is wrong at the present line; the trace goes on, and fails in the end. */
void shift_fail(struct shift *shift, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool words_cut(struct words *words, const char *line);
/* The words from `first` on, with a space between. */
void words_join(const struct words *words, size_t first, char *target, size_t size);

/* ---- world.c: what the ERP gives, who works where ---- */

/* Takes one line that is not a scan ("rma", "lane", "restart", …). False if it is none. */
bool world_line(struct shift *shift, const struct words *words);
/* Stores an RMA whose lines are complete. */
void world_flush(struct shift *shift);
struct worker *world_worker(struct shift *shift, const char *name);
void world_open(struct shift *shift);
/* Starts the station: the lanes are known. */
void world_begin(struct shift *shift);
void world_close(struct shift *shift);

/* Adds the words from `first` on, which are all key=value. */
void add_values(struct shift *shift, json_t *object, const struct words *words, size_t first);

/* ---- erp.c: what the ERP gives, answers and decides ---- */

void erp_store(struct shift *shift, const json_t *rma);
/* Answers at once: what it finds it stores, as an rma.upsert would. context: the shift. */
void erp_ask(void *context, const struct lookup_value *values, size_t count, lookup_fn *answer, void *asker);
/* Lets what the ERP told take place. */
void shift_settle(struct shift *shift);
/* The line "tells KIND key=value…": a PUT. */
void erp_tells(struct shift *shift, const struct words *words);

/* ---- scan.c: what a worker scans, and what must follow ---- */

/* Plays "lane words… => tone, parcel …, unit …, next …"; the payload lines are appended. */
void scan_line(struct shift *shift, const char *line, struct buffer *payload);
/* Every waiting label comes out of the printer, unless it is off. */
void scan_print(struct shift *shift);

/* ---- tell.c: the long payloads ---- */

/* Appends a message in English and French, one line each. */
void tell_message(struct shift *shift, const struct message *message, struct buffer *payload);
/* Appends the events and labels since the last call. */
void tell_news(struct shift *shift, struct buffer *payload);
/* Lets the ERP read what it has not read; the number of events. */
int64_t tell_erp(struct shift *shift);

/* ---- outside.c: for those who look at a shift by other means ---- */

/* What an RMA may come with, and the station has no use for and must not keep. */
void outside_add_person(json_t *rma);
/* Leaves the shift's database in the folder $KEEP, if there is one. */
void outside_keep(struct shift *shift);

/* ---- walk.c: which rows and transitions all traces reached together ---- */

/* By the linker's --wrap: the station's clock is the shift's, and each decision is looked at on its way. */
extern struct noted noted;
extern struct moment shift_clock;
/* Fails for rows, transitions and texts that nothing reached and that the list of exceptions does not name. */
void walk_check(const char *exceptions);

#endif
