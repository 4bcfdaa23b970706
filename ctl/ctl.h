/* SPDX-License-Identifier: Apache-2.0 */
/* What every verb of returnsctl gets, and what it ends with. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;

/* Exit codes; the words are in main.c and docs/returnsctl.md. */
enum ctl_exit {
    CTL_OK = 0,
    CTL_REFUSED = 1, /* not found, refused, or a scan answered "attention" */
    CTL_USAGE = 2,
    CTL_UNREACHABLE = 3, /* no daemon answers */
    CTL_STOP = 4,        /* a scan answered "stop" */
    CTL_FAULT = 5,       /* a fault of the daemon or of this machine */
    CTL_EXIT_COUNT,
};

#define STATE_DEFAULT "/var/lib/returnsd"

struct ctl {
    const char *socket;
    const char *lane;   /* NULL: the only one there is */
    const char *aim;    /* AIM symbology identifier, or NULL */
    const char *format; /* csv or json, or NULL */
    const char *lang;   /* --lang: "en" or "fr", or NULL */
    int64_t after;      /* -1: not given */
    int64_t count;      /* -1: not given */
    const char *data;   /* --data, or NULL */
    const char *fields; /* --fields, or NULL */
    const char *state, *policy, *since, *until, *year, *serial; /* or NULL */
    int dpi;
    const char *keys;   /* directory */
    const char *rights; /* --rights, or NULL */
    const char *owners; /* --owners, or NULL */
    bool json, replace, once, svg;
    const char *arguments[2]; /* behind the verb */
    size_t argument_count;
    struct client *client; /* NULL for verbs that need no daemon */
};

typedef enum ctl_exit ctl_verb_fn(struct ctl *ctl);

ctl_verb_fn ctl_status, ctl_scan, ctl_rma_import, ctl_product_import, ctl_operator_import, ctl_rma_show,
    ctl_unit_history, ctl_events_tail, ctl_watch, ctl_decode, ctl_classify, ctl_labels_list, ctl_labels_lint,
    ctl_labels_render, ctl_cards, ctl_roll, ctl_journal_verify, ctl_policy_check, ctl_policy_replay, ctl_devices,
    ctl_record, ctl_replay, ctl_keys_init, ctl_keys_new, ctl_keys_add, ctl_keys_revoke, ctl_keys_list, ctl_db_check,
    ctl_db_backup, ctl_db_restore, ctl_db_new_stream, ctl_events_consumers, ctl_events_replay, ctl_labels_doubt,
    ctl_labels_answer, ctl_labels_print, ctl_cards_print, ctl_report, ctl_photo_add, ctl_photo_get;

/* The language of the answer: --lang, else the locale's. */
const char *ctl_lang(const struct ctl *ctl);
/* Prints a template on the lane's printer; fields is taken over. */
enum ctl_exit ctl_print_label(struct ctl *ctl, const char *lane, const char *name, json_t *fields);
/* Prints the answer to a scan, or to a photo; what to exit with. */
enum ctl_exit ctl_tell_answer(const struct ctl *ctl, const json_t *answer);
/* Says on stderr what is wrong, behind the program's name. */
void ctl_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* --json: the value on stdout, on one line. */
void ctl_print_json(const json_t *value);
/* --lane, or the only lane of the daemon (a string the caller frees); NULL after a complaint with *ret_exit set. */
char *ctl_find_lane(struct ctl *ctl, enum ctl_exit *ret_exit);

#endif
