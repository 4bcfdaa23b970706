/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's screen as lines of text, from one snapshot of a lane: pure, so that every size can be tested. */
#ifndef CTL_SCREEN_H
#define CTL_SCREEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define SCREEN_COLUMNS_MIN 40

enum screen_link { SCREEN_LIVE, SCREEN_CONNECTING, SCREEN_LOST, SCREEN_LINK_COUNT };

struct screen_view {
    json_t *snapshot; /* NULL before the first */
    const char *lang; /* "en" or "fr" */
    int columns;
    int rows; /* 0: as many as it takes */
    bool colour;
    enum screen_link link;
};

/* Lines of at most columns columns; controls in them are our own colours only. */
struct screen {
    char **lines;
    size_t count;
};

/* At most rows lines; what does not fit is counted ("… +3"). Free with screen_done. */
void screen_compose(const struct screen_view *view, struct screen *ret_screen);
void screen_done(struct screen *screen);

#endif
