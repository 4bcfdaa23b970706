/* SPDX-License-Identifier: Apache-2.0 */
/* What the API answers: rows gathered from the store and the services, as JSON. Each NULL comes with an error. */
#ifndef DAEMON_VIEW_H
#define DAEMON_VIEW_H

#include "daemon/command.h"

#include <jansson.h>

json_t *view_status(const struct command_options *options, struct error *err) MUST_CHECK;
/* ret_sequence: the last event it is up to date with. */
json_t *view_lane(struct store *store, const struct station *station, const struct station_lane *lane,
                  int64_t *ret_sequence, struct error *err) MUST_CHECK;
json_t *view_answer(const struct catalog *catalog, const struct station_answer *answer);
json_t *view_rma(struct store *store, const char *rma, struct error *err) MUST_CHECK;
json_t *view_history(const struct command_options *options, const char *lpn_or_serial, size_t max, struct error *err)
    MUST_CHECK;
json_t *view_events(struct store *store, int64_t after, size_t max, struct error *err) MUST_CHECK;
json_t *view_import(const struct import_progress *progress);
json_t *view_problems(const struct import_problem *problems, size_t count, int64_t after);

#endif
