/* SPDX-License-Identifier: Apache-2.0 */
/* returnsctl: one table of verbs and one of options; what a verb does not take is refused. */
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "ctl/client.h"
#include "ctl/show.h"

#include <argp.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_SOCKET "/run/returnsd/api.sock"
#define DEFAULT_KEYS "/var/lib/returnsd/keys"

enum setting {
    OPTION_LANE,
    OPTION_AIM,
    OPTION_FORMAT,
    OPTION_REPLACE,
    OPTION_AFTER,
    OPTION_FROM,
    OPTION_COUNT,
    OPTION_LANG,
    OPTION_ONCE,
    OPTION_DATA,
    OPTION_FIELDS,
    OPTION_DPI,
    OPTION_SVG,
    OPTION_KEYS,
    OPTION_RIGHTS,
    OPTION_OWNERS,
    OPTION_STATE,
    OPTION_POLICY,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_YEAR,
    OPTION_SERIAL,
    OPTION_COUNT_OF_THEM
};
#define TAKES(option) (1U << OPTION_##option)
#define KEY_BASE 0x100 /* argp: above any character */

static const struct verb {
    const char *words;
    const char *arguments;
    const char *help;
    unsigned options;
    size_t least, most; /* arguments */
    ctl_verb_fn *run;
    bool is_offline; /* needs no daemon */
} verbs[] = {
    {"status", "", "what the station is, its lanes, printers, consumers and imports", TAKES(LANG), 0, 0, ctl_status,
     false},
    {"scan", "CODE", "as if CODE was scanned: signal, message, what to scan next",
     TAKES(LANE) | TAKES(AIM) | TAKES(LANG), 1, 1, ctl_scan, false},
    {"rma import", "FILE|-", "send RMAs from a CSV or JSON file, then every problem by line",
     TAKES(FORMAT) | TAKES(REPLACE) | TAKES(LANG), 1, 1, ctl_rma_import, false},
    {"product import", "FILE", "send products from a JSON file (a list)", TAKES(LANG), 1, 1, ctl_product_import, false},
    {"operator import", "FILE", "send operators and their badges from a JSON file (a list)", TAKES(LANG), 1, 1,
     ctl_operator_import, false},
    {"rma show", "RMA", "an RMA, its lines and what has come of each", TAKES(LANG), 1, 1, ctl_rma_show, false},
    {"unit history", "[LPN]", "a unit (by LPN, or --serial): what was decided, by whom and why, and its journal",
     TAKES(LANG) | TAKES(SERIAL), 0, 1, ctl_unit_history, false},
    {"photo add", "FILE", "a photo (JPEG, PNG or WebP) of what the lane has in hand", TAKES(LANE) | TAKES(LANG), 1, 1,
     ctl_photo_add, false},
    {"photo get", "SHA256", "a photo by its hash, to standard output", 0, 1, 1, ctl_photo_get, false},
    {"events tail", "", "events as they happen, one a line", TAKES(AFTER) | TAKES(FROM) | TAKES(COUNT), 0, 0, ctl_events_tail,
     false},
    {"devices", "", "the scanners: mode, lane, layout, state, last scan, and what to do for one that is not read", TAKES(LANG),
     0, 0, ctl_devices, false},
    {"record", "SCANNER [FILE]", "the raw reports of a scanner as they come, and what they say; until Ctrl-C or K scans",
     TAKES(COUNT), 1, 2, ctl_record, false},
    {"replay", "FILE|-", "a recording as if a scanner sent it: what each of its scans is answered",
     TAKES(LANE) | TAKES(LANG), 1, 1, ctl_replay, false},
    {"events consumers", "", "who reads the feed, how far behind, and what it has put", 0, 0, 0, ctl_events_consumers,
     false},
    {"watch", "", "the worker's screen; q ends it", TAKES(LANE) | TAKES(LANG) | TAKES(ONCE), 0, 0, ctl_watch, false},
    {"decode", "FILE|-", "the scans of a recording of HID reports, one JSON object a line", 0, 1, 1, ctl_decode, true},
    {"classify", "CODE|-", "what a code may be, in order; -: one JSON string or {code, aim} a line, one answer a line",
     TAKES(AIM), 1, 1, ctl_classify, true},
    {"labels list", "", "the label templates", TAKES(DATA), 0, 0, ctl_labels_list, true},
    {"labels lint", "[DIR]", "every fault of every template, as file:line", TAKES(DATA), 0, 1, ctl_labels_lint, true},
    {"labels render", "NAME", "a label as it is sent to the printer, or its picture; samples unless --fields",
     TAKES(DATA) | TAKES(FIELDS) | TAKES(DPI) | TAKES(SVG) | TAKES(LANG), 1, 1, ctl_labels_render, true},
    {"labels doubt", "", "the labels of which nobody knows whether they came out", 0, 0, 0, ctl_labels_doubt, false},
    {"labels print", "NAME", "print any template on the lane's printer, with the fields of a JSON file",
     TAKES(LANE) | TAKES(LANG) | TAKES(FIELDS), 1, 1, ctl_labels_print, false},
    {"cards print", "[CODE]", "print the control and calibration cards, or the one of that code, on the lane's printer",
     TAKES(LANE) | TAKES(LANG), 0, 1, ctl_cards_print, false},
    {"labels answer", "LABEL yes|no", "whether a label came out: yes, it is printed; no, it is printed again", 0, 2, 2,
     ctl_labels_answer, false},
    {"cards", "[DIR]", "the control and calibration cards: code and word; --svg: each as a picture in DIR", TAKES(LANG) | TAKES(SVG), 0,
     1, ctl_cards, true},
    {"roll", "STATION [FIRST]", "the codes of K labels of a pre-printed roll, from number FIRST (9000000) on",
     TAKES(COUNT), 1, 2, ctl_roll, true},
    {"policy check", "RMA", "what the policies would decide for each line and grade, and why",
     TAKES(DATA) | TAKES(STATE) | TAKES(LANG), 1, 1, ctl_policy_check, true},
    {"policy replay", "", "what was decided since a day that another policy would decide otherwise",
     TAKES(DATA) | TAKES(STATE) | TAKES(POLICY) | TAKES(SINCE) | TAKES(LANG), 0, 0, ctl_policy_replay, true},
    {"report", "KIND", "day, shift, owner, product, reasons, rejections, outbox; or disclosure: what was destroyed and recycled; CSV",
     TAKES(STATE) | TAKES(SINCE) | TAKES(UNTIL) | TAKES(YEAR), 1, 1, ctl_report, true},
    {"journal verify", "PATH", "follow the journal's chain in a state directory, a database file or a copy", 0, 1, 1,
     ctl_journal_verify, true},
    {"events replay", "[PATH]", "the stored events of a state directory (" STATE_DEFAULT ") or a copy, one CloudEvent a line",
     TAKES(AFTER) | TAKES(FROM) | TAKES(COUNT), 0, 1, ctl_events_replay, true},
    {"db check", "PATH", "whether a state directory, a database file or a copy is whole", 0, 1, 1, ctl_db_check, true},
    {"db backup", "STATE FILE", "copy the database of a state directory, in use or not, into one file", 0, 2, 2,
     ctl_db_backup, true},
    {"db restore", "FILE STATE", "put a copy into a state directory, with a new stream; returnsd must be stopped", 0, 2, 2,
     ctl_db_restore, true},
    {"db new-stream", "STATE", "begin a new stream, after a database was copied back by other means", 0, 1, 1,
     ctl_db_new_stream, true},
    {"keys init", "", "make the station's own pair of keys, once; prints the public one", TAKES(KEYS), 0, 0,
     ctl_keys_init, true},
    {"keys new", "NAME", "make a pair for a consumer; prints it, the secret this once", TAKES(KEYS) | TAKES(RIGHTS) | TAKES(OWNERS),
     1, 1, ctl_keys_new, true},
    {"keys add", "NAME PUBLIC", "let a consumer in by its public key, or change its rights",
     TAKES(KEYS) | TAKES(RIGHTS) | TAKES(OWNERS), 2, 2, ctl_keys_add, true},
    {"keys revoke", "NAME", "shut a consumer's key out for good", TAKES(KEYS), 1, 1, ctl_keys_revoke, true},
    {"keys list", "", "the station's public key and its consumers'", TAKES(KEYS), 0, 0, ctl_keys_list, true},
};

static const char *const exits[CTL_EXIT_COUNT] = {
    [CTL_OK] = "done; scan: ok or info",
    [CTL_REFUSED] = "refused, not found, something in a file is wrong; scan: attention",
    [CTL_USAGE] = "wrong arguments", [CTL_UNREACHABLE] = "no daemon answers", [CTL_STOP] = "scan: stop",
    [CTL_FAULT] = "a fault of the daemon or of this machine",
};

static const struct argp_option options[] = {
    {"socket", 's', "PATH", 0, "the daemon's socket ($RETURNSD_SOCKET, else " DEFAULT_SOCKET ")", 0},
    {"json", 'j', NULL, 0, "print JSON: the API's own, where there is a daemon", 0},
    {"lane", KEY_BASE + OPTION_LANE, "LANE", 0, "scan, photo add, replay, watch: which lane, if there are several", 1},
    {"aim", KEY_BASE + OPTION_AIM, "ID", 0, "scan, classify: AIM symbology identifier, for instance ]C1", 1},
    {"format", KEY_BASE + OPTION_FORMAT, "csv|json", 0, "rma import: if the name of the file does not say", 1},
    {"replace", KEY_BASE + OPTION_REPLACE, NULL, 0, "rma import: also change what the ERP gave", 1},
    {"after", KEY_BASE + OPTION_AFTER, "N", 0, "events: begin behind event N (tail: else with the next one)", 1},
    {"from", KEY_BASE + OPTION_FROM, "N", 0, "events: begin with event N", 1},
    {"count", KEY_BASE + OPTION_COUNT, "K", 0, "events: end after K; record: after K scans; roll: K labels (100)", 1},
    {"lang", KEY_BASE + OPTION_LANG, "en|fr", 0, "language (watch: the operator's; else that of the locale)", 1},
    {"once", KEY_BASE + OPTION_ONCE, NULL, 0, "watch: print the screen once and end", 1},
    {"data", KEY_BASE + OPTION_DATA, "DIR", 0, "labels, policy: data directory ($RETURNSD_DATA, else the installed one)", 1},
    {"fields", KEY_BASE + OPTION_FIELDS, "FILE", 0, "labels render: the fields, a JSON object", 1},
    {"dpi", KEY_BASE + OPTION_DPI, "203|300|600", 0, "labels render: the printer's resolution (203)", 1},
    {"state", KEY_BASE + OPTION_STATE, "PATH", 0, "policy, report: state directory or database (/var/lib/returnsd)", 1},
    {"policy", KEY_BASE + OPTION_POLICY, "FILE", 0, "policy replay: in the place of the policy with its id", 1},
    {"since", KEY_BASE + OPTION_SINCE, "DATE", 0, "policy replay, report: from this day on, YYYY-MM-DD", 1},
    {"until", KEY_BASE + OPTION_UNTIL, "DATE", 0, "report: up to this day", 1},
    {"year", KEY_BASE + OPTION_YEAR, "YYYY", 0, "report: this year", 1},
    {"serial", KEY_BASE + OPTION_SERIAL, "SERIAL", 0, "unit history: the unit with this serial number", 1},
    {"svg", KEY_BASE + OPTION_SVG, NULL, 0, "labels render: the picture, not the bytes; cards: pictures", 1},
    {"keys", KEY_BASE + OPTION_KEYS, "DIR", 0, "keys: the directory of keys (" DEFAULT_KEYS ")", 1},
    {"rights", KEY_BASE + OPTION_RIGHTS, "LIST", 0, "keys: of read, put, decide, lookup (\"read\")", 1},
    {"owners", KEY_BASE + OPTION_OWNERS, "LIST", 0, "keys: the owners whose goods concern it (all)", 1},
    {0},
};

struct command_line {
    struct ctl ctl;
    const char *words[4];
    size_t word_count;
    unsigned given; /* TAKES bits */
    const struct verb *verb;
};

void ctl_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("returnsctl: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static const char *locale_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strncmp(value, "fr", 2) == 0 ? "fr" : "en";
    }
    return "en";
}

const char *ctl_lang(const struct ctl *ctl)
{
    return ctl->lang != NULL ? ctl->lang : locale_lang();
}

/* A terminal gets ASCII only: JSON does not escape all that a terminal would obey. */
void ctl_print_json(const json_t *value)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | (isatty(STDOUT_FILENO) ? JSON_ENSURE_ASCII : 0);
    json_dumpf(value, stdout, flags);
    putchar('\n');
}

/* How many words of the command line the verb's name takes; 0 if they differ. */
static size_t verb_fits(const struct verb *verb, const struct command_line *line)
{
    const char *rest = verb->words;
    size_t count = 0;
    while (*rest != '\0') {
        size_t length = strcspn(rest, " ");
        if (count == line->word_count || strlen(line->words[count]) != length ||
            memcmp(line->words[count], rest, length) != 0)
            return 0;
        rest += length + (rest[length] == ' ');
        count++;
    }
    return count;
}

static const char *option_name(unsigned option)
{
    size_t i = 0;
    while (options[i].key != KEY_BASE + (int)option)
        i++;
    return options[i].name;
}

static void find_verb(struct command_line *line, struct argp_state *state)
{
    size_t taken = 0;
    for (size_t i = 0; i < COUNT_OF(verbs) && taken == 0; i++) {
        taken = verb_fits(&verbs[i], line);
        line->verb = &verbs[i];
    }
    if (line->word_count == 0)
        argp_error(state, "no verb: see --help");
    if (taken == 0)
        argp_error(state, "no verb \"%s\": see --help", line->words[0]);
    size_t left = line->word_count - taken;
    if (left < line->verb->least || left > line->verb->most)
        argp_error(state, "usage: %s %s", line->verb->words, line->verb->arguments);
    for (size_t i = 0; i < left && i < COUNT_OF(line->ctl.arguments); i++)
        line->ctl.arguments[i] = line->words[taken + i];
    line->ctl.argument_count = left;
    for (unsigned i = 0; i < OPTION_COUNT_OF_THEM; i++)
        if ((line->given & ~line->verb->options & (1U << i)) != 0)
            argp_error(state, "--%s does not go with %s", option_name(i), line->verb->words);
}

static const char *one_of(struct argp_state *state, const char *text, const char *first, const char *second)
{
    if (!text_equal(text, first) && !text_equal(text, second))
        argp_error(state, "\"%s\" is neither %s nor %s", text, first, second);
    return text;
}

static int64_t number(struct argp_state *state, const char *text, int64_t least)
{
    int64_t value = -1;
    if (!text_is_digits(text) || !text_to_int64(text, &value) || value < least)
        argp_error(state, "\"%s\" is not a whole number from %d", text, (int)least);
    return value;
}

/* Where the text of an option goes; what is more than a text is taken below. */
static const char **text_of(struct ctl *ctl, enum setting option)
{
    const char **const texts[OPTION_COUNT_OF_THEM] = {
        [OPTION_LANE] = &ctl->lane,     [OPTION_AIM] = &ctl->aim,       [OPTION_DATA] = &ctl->data,
        [OPTION_FIELDS] = &ctl->fields, [OPTION_KEYS] = &ctl->keys,     [OPTION_RIGHTS] = &ctl->rights,
        [OPTION_OWNERS] = &ctl->owners, [OPTION_STATE] = &ctl->state,   [OPTION_POLICY] = &ctl->policy,
        [OPTION_SINCE] = &ctl->since,   [OPTION_UNTIL] = &ctl->until,   [OPTION_YEAR] = &ctl->year,
        [OPTION_SERIAL] = &ctl->serial,
    };
    return texts[option];
}

static void take_option(struct ctl *ctl, enum setting option, const char *text, struct argp_state *state)
{
    bool *const flags[OPTION_COUNT_OF_THEM] = {
        [OPTION_REPLACE] = &ctl->replace, [OPTION_ONCE] = &ctl->once, [OPTION_SVG] = &ctl->svg};
    const char **place = text_of(ctl, option);
    if (place != NULL)
        *place = text;
    else if (flags[option] != NULL)
        *flags[option] = true;
    else if (option == OPTION_FORMAT)
        ctl->format = one_of(state, text, "csv", "json");
    else if (option == OPTION_LANG)
        ctl->lang = one_of(state, text, "en", "fr");
    else if (option == OPTION_AFTER)
        ctl->after = number(state, text, 0);
    else if (option == OPTION_FROM)
        ctl->after = number(state, text, 1) - 1;
    else if (option == OPTION_COUNT)
        ctl->count = number(state, text, 1);
    else if (option == OPTION_DPI)
        ctl->dpi = (int)number(state, text, 1);
}

static void take_word(struct command_line *line, const char *word, struct argp_state *state)
{
    if (line->word_count == COUNT_OF(line->words))
        argp_error(state, "too many arguments");
    line->words[line->word_count++] = word;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct command_line *line = state->input;
    if (key == 's')
        line->ctl.socket = text;
    else if (key == 'j')
        line->ctl.json = true;
    else if (key == ARGP_KEY_ARG)
        take_word(line, text, state);
    else if (key == ARGP_KEY_END)
        find_verb(line, state);
    else if (key >= KEY_BASE && key < KEY_BASE + OPTION_COUNT_OF_THEM) {
        line->given |= 1U << (key - KEY_BASE);
        take_option(&line->ctl, (enum setting)(key - KEY_BASE), text, state);
    } else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static void append_verbs(struct buffer *help, const char *title, bool offline)
{
    buffer_append_text(help, title);
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (verbs[i].is_offline == offline)
            buffer_append_format(help, "  %s %s\n      %s\n", verbs[i].words, verbs[i].arguments, verbs[i].help);
}

/* argp frees what a filter returns. */
static char *help_with_verbs(int key, const char *text, void *input)
{
    (void)input;
    if (key != ARGP_KEY_HELP_PRE_DOC && key != ARGP_KEY_HELP_POST_DOC)
        return (char *)(uintptr_t)text;
    struct buffer help = BUFFER_EMPTY;
    if (key == ARGP_KEY_HELP_PRE_DOC) {
        append_verbs(&help, "Verbs that speak to a running returnsd:\n", false);
        append_verbs(&help, "\nVerbs that need none:\n", true);
    } else {
        buffer_append_text(&help, "Exit codes:\n");
        for (size_t i = 0; i < COUNT_OF(exits); i++)
            buffer_append_format(&help, "  %zu  %s\n", i, exits[i]);
    }
    return help.data;
}

static const struct argp parser = {options, parse, "VERB [ARGUMENT]", "\v ", NULL, help_with_verbs, NULL};

int main(int argc, char **argv)
{
    struct command_line line = {.ctl = {.after = -1, .count = -1, .dpi = 203, .keys = DEFAULT_KEYS}};
    const char *socket = getenv("RETURNSD_SOCKET");
    line.ctl.socket = socket != NULL && socket[0] != '\0' ? socket : DEFAULT_SOCKET;
    setlocale(LC_CTYPE, "C.UTF-8");
    argp_err_exit_status = CTL_USAGE;
    argp_parse(&parser, argc, argv, 0, NULL, &line);
    if (!line.verb->is_offline)
        line.ctl.client = client_new(line.ctl.socket, line.ctl.json);
    enum ctl_exit end = line.verb->run(&line.ctl);
    client_free(line.ctl.client);
    if (fflush(stdout) != 0 && end == CTL_OK)
        end = CTL_FAULT;
    return (int)end;
}
