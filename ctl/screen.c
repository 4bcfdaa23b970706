/* SPDX-License-Identifier: Apache-2.0 */
/* Each part of the screen writes its block of lines; then rows are given out, what matters most first. */
#include "ctl/screen.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "ctl/painter.h"
#include "ctl/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TALL_ROWS 30
#define MESSAGE_LINES 2

struct canvas {
    const struct screen_view *view;
    struct painter painter;
};

static const struct {
    const char *signal, *icon;
    enum style style;
} signals[] = {
    {"ok", "✔", STYLE_OK},
    {"info", "ℹ", STYLE_INFO},
    {"attention", "▲", STYLE_ATTENTION},
    {"stop", "✖", STYLE_STOP},
};

static const char *const link_words[SCREEN_LINK_COUNT] = {
    [SCREEN_CONNECTING] = "connecting",
    [SCREEN_LOST] = "connection lost",
};

static const char *const link_details[SCREEN_LINK_COUNT] = {
    [SCREEN_CONNECTING] = "connecting detail",
    [SCREEN_LOST] = "connection lost detail",
};

static size_t find_signal(const char *signal)
{
    size_t i = 0;
    while (i < COUNT_OF(signals) - 1 && !text_equal(signals[i].signal, signal))
        i++;
    return i; /* an unknown one is shown as stop */
}

static json_t *part(const struct canvas *canvas, const char *name)
{
    json_t *value = json_object_get(canvas->view->snapshot, name);
    return json_is_null(value) ? NULL : value;
}

static void add(struct canvas *canvas, enum style style, const char *text)
{
    painter_text(&canvas->painter, style, text);
}

static void add_word(struct canvas *canvas, enum style style, const char *word)
{
    add(canvas, style, show_word(word, canvas->view->lang));
}

/* Adds " · text" unless text is empty. */
static void add_field(struct canvas *canvas, enum style style, const char *text)
{
    if (text[0] == '\0')
        return;
    add(canvas, STYLE_PLAIN, " · ");
    add(canvas, style, text);
}

static void add_field_word(struct canvas *canvas, enum style style, const json_t *object, const char *name)
{
    add_field(canvas, style, show_word(show_string(object, name), canvas->view->lang));
}

static int64_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void write_title(struct canvas *canvas)
{
    const json_t *person = part(canvas, "operator");
    const char *name = show_string(person, "name");
    struct buffer text = BUFFER_EMPTY;
    painter_line(&canvas->painter);
    buffer_append_format(&text, " %s", show_string(canvas->view->snapshot, "lane"));
    buffer_append_format(&text, " · %s", show_string(canvas->view->snapshot, "mode"));
    buffer_append_format(&text, " · %s", name[0] != '\0' ? name : show_word("nobody", canvas->view->lang));
    add(canvas, STYLE_TITLE, canvas->view->snapshot != NULL ? buffer_text(&text) : " returnsd");
    painter_fill(&canvas->painter, STYLE_TITLE);
    buffer_done(&text);
}

static void paint_band(struct canvas *canvas, enum style style, const char *icon, const char *word, const char *message)
{
    bool tall = canvas->view->rows >= TALL_ROWS;
    struct buffer text = BUFFER_EMPTY;
    if (tall)
        painter_wrap(&canvas->painter, style, "", "", 1, true);
    buffer_append_format(&text, "  %s  %s", icon, word);
    painter_wrap(&canvas->painter, style, "", buffer_text(&text), 1, true);
    int used = painter_wrap(&canvas->painter, style, "     ", message, MESSAGE_LINES, true);
    for (; used < MESSAGE_LINES + tall; used++)
        painter_wrap(&canvas->painter, style, "", "", 1, true);
    buffer_done(&text);
}

static void write_band(struct canvas *canvas)
{
    const struct screen_view *view = canvas->view;
    if (view->link != SCREEN_LIVE) {
        paint_band(canvas, STYLE_LOST, "⚠", show_word(link_words[view->link], view->lang),
                   show_word(link_details[view->link], view->lang));
        return;
    }
    const char *signal = show_string(view->snapshot, "signal");
    size_t i = find_signal(signal);
    paint_band(canvas, signals[i].style, signals[i].icon, show_word(signals[i].signal, view->lang),
               show_say(part(canvas, "message"), view->lang));
}

static void write_next(struct canvas *canvas)
{
    struct buffer text = BUFFER_EMPTY;
    const char *next = show_say(part(canvas, "next"), canvas->view->lang);
    if (next[0] == '\0')
        return;
    buffer_append_format(&text, "%s: %s", show_word("next", canvas->view->lang), next);
    painter_wrap(&canvas->painter, STYLE_BOLD, " ▶ ", buffer_text(&text), 2, false);
    buffer_done(&text);
}

static void begin_part(struct canvas *canvas, const char *name, const char *none, const json_t *value)
{
    painter_line(&canvas->painter);
    add(canvas, STYLE_BOLD, show_word(name, canvas->view->lang));
    add(canvas, STYLE_PLAIN, " ");
    if (value == NULL)
        add_word(canvas, STYLE_DIM, none);
}

static void write_parcel_line(struct canvas *canvas, const json_t *line)
{
    char counted[48];
    int64_t qty = number(line, "qty"), received = number(line, "received");
    enum style style = received >= qty ? STYLE_GOOD : STYLE_PLAIN;
    painter_line(&canvas->painter);
    snprintf(counted, sizeof counted, "  %" PRId64 "/%" PRId64 "  ", received, qty);
    add(canvas, style, counted);
    add(canvas, style, show_string(line, "sku"));
    add(canvas, style, "  ");
    add(canvas, style, show_say(json_object_get(line, "name"), canvas->view->lang));
}

static void write_parcel(struct canvas *canvas)
{
    const json_t *parcel = part(canvas, "parcel"), *line;
    size_t i;
    begin_part(canvas, "parcel", "no parcel", parcel);
    add(canvas, STYLE_PLAIN, show_string(parcel, "code"));
    if (parcel != NULL) {
        add_field(canvas, STYLE_BOLD, show_string(parcel, "rma"));
        add_field_word(canvas, STYLE_PLAIN, parcel, "state");
    }
    json_array_foreach(json_object_get(parcel, "lines"), i, line) write_parcel_line(canvas, line);
}

static void write_verdict(struct canvas *canvas, const json_t *unit)
{
    const char *verdict = show_string(unit, "verdict"), *disposition = show_string(unit, "disposition");
    if (verdict[0] == '\0' && disposition[0] == '\0')
        return;
    painter_line(&canvas->painter);
    add(canvas, STYLE_PLAIN, "  ");
    add_word(canvas, STYLE_BOLD, verdict);
    if (disposition[0] == '\0')
        return;
    add(canvas, STYLE_PLAIN, " → ");
    add_word(canvas, STYLE_BOLD, disposition);
}

static void write_trace(struct canvas *canvas, const json_t *step)
{
    painter_line(&canvas->painter);
    add(canvas, STYLE_DIM, "  · ");
    add(canvas, STYLE_DIM, show_string(step, "rule"));
    add(canvas, STYLE_DIM, ": ");
    add(canvas, STYLE_DIM, show_say(step, canvas->view->lang));
}

static void write_unit(struct canvas *canvas)
{
    const json_t *unit = part(canvas, "unit"), *step;
    size_t i;
    begin_part(canvas, "unit", "no unit", unit);
    if (unit == NULL)
        return;
    add(canvas, STYLE_PLAIN, show_string(unit, "lpn"));
    add_field(canvas, STYLE_PLAIN, show_string(unit, "sku"));
    add_field(canvas, STYLE_PLAIN, show_say(json_object_get(unit, "name"), canvas->view->lang));
    if (show_string(unit, "grade")[0] != '\0') {
        add_field(canvas, STYLE_PLAIN, show_word("grade", canvas->view->lang));
        add(canvas, STYLE_BOLD, " ");
        add(canvas, STYLE_BOLD, show_string(unit, "grade"));
    }
    add_field_word(canvas, STYLE_PLAIN, unit, "state");
    write_verdict(canvas, unit);
    json_array_foreach(json_object_get(unit, "trace"), i, step) write_trace(canvas, step);
}

static void append_card(struct buffer *text, const char *what, const json_t *item)
{
    buffer_append_text(text, text->length > 0 ? " · " : "");
    buffer_append_text(text, what);
    buffer_append_format(text, " %s", show_string(item, "card"));
}

/* What may be scanned now: the answers to the question that is asked, else the allowed dispositions other than the
   proposed one; each with its card. */
static void write_cards(struct canvas *canvas)
{
    const json_t *unit = part(canvas, "unit"), *question = part(canvas, "question"), *item;
    struct buffer text = BUFFER_EMPTY;
    size_t i;
    if (show_string(question, "typed")[0] != '\0')
        append_card(&text, show_string(question, "typed"), NULL);
    json_array_foreach(json_object_get(question, "options"), i, item)
        append_card(&text, show_say(item, canvas->view->lang), item);
    json_array_foreach(json_object_get(unit, "allowed"), i, item)
        if (!text_equal(show_string(item, "disposition"), show_string(unit, "disposition")))
            append_card(&text, show_word(show_string(item, "disposition"), canvas->view->lang), item);
    if (text.length > 0) {
        struct buffer line = BUFFER_EMPTY;
        buffer_append_format(&line, "%s: %s", show_word("cards", canvas->view->lang), buffer_text(&text));
        painter_wrap(&canvas->painter, STYLE_PLAIN, "  ", buffer_text(&line), 4, false);
        buffer_done(&line);
    }
    buffer_done(&text);
}

static void write_label(struct canvas *canvas)
{
    const json_t *label = part(canvas, "label");
    char copy[64];
    begin_part(canvas, "label", "no label", label);
    if (label == NULL)
        return;
    add(canvas, STYLE_PLAIN, show_string(label, "code"));
    add_field_word(canvas, STYLE_BOLD, label, "state");
    if (number(label, "copy") > 1) {
        snprintf(copy, sizeof copy, "%s %" PRId64, show_word("copy", canvas->view->lang), number(label, "copy"));
        add_field(canvas, STYLE_PLAIN, copy);
    }
    add_field(canvas, STYLE_DIM, show_string(label, "printer"));
    const json_t *why = json_object_get(label, "why");
    if (json_is_object(why))
        painter_wrap(&canvas->painter, STYLE_ATTENTION, "  ", show_say(why, canvas->view->lang), 2, false);
}

static void format_time(char target[16], const char *instant)
{
    int64_t utc_ms;
    struct tm local;
    target[0] = '\0';
    if (!clock_parse_instant(instant, &utc_ms))
        return;
    time_t seconds = (time_t)(utc_ms / 1000);
    if (localtime_r(&seconds, &local) != NULL)
        strftime(target, 16, "%H:%M:%S", &local);
}

static void write_action(struct canvas *canvas, const json_t *action)
{
    char at[16];
    format_time(at, show_string(action, "time"));
    painter_line(&canvas->painter);
    add(canvas, STYLE_DIM, "  ");
    add(canvas, STYLE_DIM, at);
    add(canvas, STYLE_PLAIN, " ");
    add(canvas, STYLE_PLAIN, signals[find_signal(show_string(action, "signal"))].icon);
    add(canvas, STYLE_PLAIN, " ");
    add(canvas, STYLE_PLAIN, show_say(action, canvas->view->lang));
}

static void write_actions(struct canvas *canvas)
{
    const json_t *actions = part(canvas, "actions"), *action;
    size_t i;
    if (json_array_size(actions) == 0)
        return;
    begin_part(canvas, "actions", "", actions);
    json_array_foreach(actions, i, action) write_action(canvas, action);
}

/* The parts from top to bottom; least: lines kept when there is little room; rank: who gets more room first. */
static const struct part {
    void (*write)(struct canvas *canvas);
    size_t least;
    int rank;
    bool spaced; /* an empty line before it, if there is room */
} parts[] = {
    {write_title, 1, 0, false}, {write_band, 5, 0, false},  {write_next, 2, 0, false}, {write_parcel, 3, 2, true},
    {write_unit, 4, 3, true},   {write_cards, 2, 1, false}, {write_label, 3, 0, true}, {write_actions, 3, 4, true},
};

#define PART_COUNT COUNT_OF(parts)
#define RANKS 5

struct room {
    size_t given[PART_COUNT];
    bool space[PART_COUNT];
};

static size_t take(size_t wanted, size_t *left)
{
    size_t taken = wanted < *left ? wanted : *left;
    *left -= taken;
    return taken;
}

static void give_room(const struct block *blocks, size_t rows, struct room *room)
{
    size_t left = rows;
    for (size_t i = 0; i < PART_COUNT; i++)
        room->given[i] = take(blocks[i].count < parts[i].least ? blocks[i].count : parts[i].least, &left);
    for (int rank = 1; rank < RANKS; rank++)
        for (size_t i = 0; i < PART_COUNT; i++)
            if (parts[i].rank == rank)
                room->given[i] += take(blocks[i].count - room->given[i], &left);
    for (size_t i = 0; i < PART_COUNT; i++)
        room->space[i] = parts[i].spaced && room->given[i] > 0 && take(1, &left) == 1;
}

/* The last line that fits says how many do not. */
static void count_rest(struct canvas *canvas, struct block *block, size_t given)
{
    char text[48];
    if (given < 2 || given >= block->count)
        return;
    size_t hidden = block->count - given + 1;
    block->count = given - 1;
    canvas->painter.block = block;
    painter_line(&canvas->painter);
    snprintf(text, sizeof text, "  … +%zu", hidden);
    add(canvas, STYLE_DIM, text);
}

static void add_line(struct screen *screen, const char *text)
{
    screen->lines = memory_resize(screen->lines, screen->count + 1, sizeof *screen->lines);
    screen->lines[screen->count++] = memory_text(text);
}

static void assemble(struct canvas *canvas, struct block *blocks, struct screen *screen)
{
    struct room room;
    give_room(blocks, canvas->view->rows > 0 ? (size_t)canvas->view->rows : SIZE_MAX, &room);
    for (size_t i = 0; i < PART_COUNT; i++) {
        count_rest(canvas, &blocks[i], room.given[i]);
        if (room.space[i])
            add_line(screen, "");
        for (size_t line = 0; line < room.given[i]; line++)
            add_line(screen, buffer_text(&blocks[i].lines[line]));
    }
}

void screen_compose(const struct screen_view *view, struct screen *ret_screen)
{
    struct block *blocks = memory_new(PART_COUNT, sizeof *blocks);
    struct canvas canvas = {.view = view};
    canvas.painter.columns = view->columns > SCREEN_COLUMNS_MIN ? view->columns : SCREEN_COLUMNS_MIN;
    canvas.painter.colour = view->colour;
    *ret_screen = (struct screen){0};
    for (size_t i = 0; i < (view->snapshot != NULL ? PART_COUNT : 2); i++) {
        canvas.painter.block = &blocks[i];
        parts[i].write(&canvas);
    }
    assemble(&canvas, blocks, ret_screen);
    for (size_t i = 0; i < PART_COUNT; i++)
        for (size_t line = 0; line < BLOCK_LINES_MAX; line++)
            buffer_done(&blocks[i].lines[line]);
    free(blocks);
}

void screen_done(struct screen *screen)
{
    for (size_t i = 0; i < screen->count; i++)
        free(screen->lines[i]);
    free(screen->lines);
    *screen = (struct screen){0};
}
