/* SPDX-License-Identifier: Apache-2.0 */
/* Scans by their meaning, given to the real station; and the hand-written half of a trace: tone, states, what is next.
 */
#include "tests/golden/shift.h"

#include <sodium.h>
#include <strings.h>

/* A scan's bytes, and what the scanner said of the symbol. */
struct code {
    char bytes[600], aim[4];
    struct photo photo; /* instead: a picture that the worker takes */
};

bool words_cut(struct words *words, const char *line)
{
    words->count = 0;
    bool whole = TEXT_COPY(words->text, line);
    for (char *at = words->text; *(at += strspn(at, " ")) != '\0';) {
        if (words->count == SHIFT_WORDS)
            return false;
        words->word[words->count++] = at;
        for (bool quoted = false; *at != '\0' && (quoted || *at != ' '); at++)
            quoted ^= *at == '"';
        if (*at != '\0')
            *at++ = '\0';
    }
    return whole;
}

void words_join(const struct words *words, size_t first, char *target, size_t size)
{
    target[0] = '\0';
    for (size_t i = first; i < words->count; i++)
        text_format(target + strlen(target), size - strlen(target), i > first ? " %s" : "%s", words->word[i]);
}

/* ---- words → bytes ---- */

/* A card by the English word printed on it, or by the word in its barcode. */
static bool card(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    char text[80];
    words_join(words, 1, text, sizeof text);
    for (enum verb verb = VERB_NONE + 1; verb < VERB_COUNT; verb++) {
        const struct control *control = control_of(verb);
        if (strcasecmp(control->word_en, text) == 0 || strcasecmp(control->code, text) == 0)
            return control_encode(verb, code->bytes);
    }
    return false;
}

static bool own(enum candidate_class class, const char *value, unsigned generation, struct code *code)
{
    char symbol[OWN_SIZE];
    return own_encode(class, value, generation, symbol) && TEXT_COPY(code->bytes, symbol);
}

/* badge ID · tote CODE · place CODE */
static bool badge(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    return words->count == 3 && own(CANDIDATE_BADGE, words->word[2], 0, code);
}

static bool tote(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    return words->count == 3 && own(CANDIDATE_CONTAINER, words->word[2], 0, code);
}

static bool place(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    return words->count == 3 && own(CANDIDATE_LOCATION, words->word[2], 0, code);
}

/* The newest label of what the number is in the order in which the trace met it; unit 0 = the one printed last. */
static bool unit_label(struct shift *shift, int64_t number, int older, struct code *code)
{
    int64_t newest = house_count(&shift->house, "SELECT coalesce(max(unit_id), 0) FROM print_job WHERE job_id ="
                                                " (SELECT max(job_id) FROM print_job WHERE unit_id <> 0)");
    struct unit unit = house_unit(&shift->house, number != 0 ? number : newest);
    return unit.unit_id != 0 && own(CANDIDATE_LPN, unit.lpn, (unsigned)(unit.generations - older), code);
}

/* label · label of unit N · label of parcel N · old label of unit N */
static bool label(struct shift *shift, const struct words *words, struct code *code)
{
    int64_t number = 0;
    bool old = text_equal(words->word[1], "old"), of = words->count > 4;
    if (of && !text_to_int64(words->word[words->count - 1], &number))
        return false;
    if (!of || text_equal(words->word[words->count - 2], "unit"))
        return unit_label(shift, number, old, code);
    return own(CANDIDATE_PARCEL, house_parcel(&shift->house, number).code, 0, code);
}

/* The barcode of a product: its first code, padded to a GTIN. */
static bool gtin_of(struct shift *shift, const char *sku, char gtin[15])
{
    struct product product = {0};
    HOUSE_MUST(&shift->house, records_find_product(shift->house.store, sku, &product, &shift->house.err));
    return product.gtin[0] != '\0' && text_format(gtin, 15, "%014lld", strtoll(product.gtin, NULL, 10));
}

/* item SKU · item SKU serial=… lot=… expiry=YYMMDD: all in one GS1 symbol */
static bool item(struct shift *shift, const struct words *words, struct code *code)
{
    static const char *const parts[][2] = {{"expiry=", "17"}, {"lot=", "10"}, {"serial=", "21"}};
    char gtin[15];
    if (words->count < 3 || !gtin_of(shift, words->word[2], gtin))
        return false;
    if (words->count == 3)
        return TEXT_COPY(code->bytes, gtin + strspn(gtin, "0"));
    TEXT_FORMAT(code->bytes, "01%s", gtin);
    TEXT_COPY(code->aim, "]d2");
    for (size_t p = 0; p < COUNT_OF(parts); p++) {
        for (size_t i = 3; i < words->count; i++) {
            size_t length = strlen(parts[p][0]), used = strlen(code->bytes);
            if (strncmp(words->word[i], parts[p][0], length) == 0)
                text_format(code->bytes + used, sizeof code->bytes - used, "%s%s%s", parts[p][1],
                            words->word[i] + length, p == 1 ? "\x1d" : "");
        }
    }
    return true;
}

/* tracking CP1, rma RMA-1, serial S-1, code anything at all: just that text, with \xNN for what cannot be typed */
static bool text(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    unsigned byte;
    words_join(words, 2, code->bytes, sizeof code->bytes);
    for (char *at = code->bytes; (at = strstr(at, "\\x")) != NULL && sscanf(at + 2, "%2x", &byte) == 1; at++) {
        *at = (char)byte;
        memmove(at + 1, at + 4, strlen(at + 4) + 1);
    }
    return words->count > 2;
}

/* lpn LP0420000077: the label of a unit that is none of ours */
static bool lpn(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    return words->count == 3 && own(CANDIDATE_LPN, words->word[2], 1, code);
}

/* picture NAME: as if taken; the same name is the same picture */
static bool picture(struct shift *shift, const struct words *words, struct code *code)
{
    (void)shift;
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (words->count != 3)
        return false;
    crypto_hash_sha256(hash, (const unsigned char *)words->word[2], strlen(words->word[2]));
    sodium_bin2hex(code->photo.sha256, sizeof code->photo.sha256, hash, sizeof hash);
    code->photo.size = 1000;
    return TEXT_FORMAT(code->bytes, "photo %s", code->photo.sha256);
}

static const struct {
    const char *word;
    bool (*bytes)(struct shift *shift, const struct words *words, struct code *code);
} meanings[] = {
    {"badge", badge},   {"tote", tote}, {"place", place}, {"item", item}, {"label", label},
    {"old", label},     {"rma", text},  {"order", text},  {"slip", text}, {"code", text},
    {"tracking", text}, {"sscc", text}, {"serial", text}, {"mrn", text},  {"lpn", lpn},
    {"picture", picture},
};

static bool bytes_of(struct shift *shift, const struct words *words, struct code *code)
{
    if (card(shift, words, code))
        return true;
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (text_equal(meanings[i].word, words->word[1]))
            return meanings[i].bytes(shift, words, code);
    return false;
}

/* ---- the scan ---- */

static void on_answer(void *context, const struct station_answer *answer)
{
    struct shift *shift = context;
    shift->answer = *answer;
    shift->answered = true;
}

static void scan(struct shift *shift, const char *lane_name, const struct code *code)
{
    struct error *err = &shift->house.err;
    char device[KEY_SIZE + 8];
    TEXT_FORMAT(device, "%s-scanner", lane_name);
    struct station_scan scan = {.lane = lane_name,
                                .device = device,
                                .bytes = code->bytes,
                                .aim = code->aim,
                                .length = strlen(code->bytes),
                                .total = strlen(code->bytes),
                                .photo = code->photo.sha256[0] != '\0' ? &code->photo : NULL};
    noted = (struct noted){0};
    shift->answered = false;
    HOUSE_MUST(&shift->house, station_submit(shift->station, &scan, on_answer, shift, err));
    HOUSE_MUST(&shift->house, loop_turn(shift->loop, err));
    CU_ASSERT_TRUE_FATAL(shift->answered);
    shift_settle(shift);
}

void scan_print(struct shift *shift)
{
    if (!shift->house.printer_off)
        house_print(&shift->house);
}

/* A scan that begins with a parcel, in the sense of the scan budgets. */
static bool of_parcel(enum action action)
{
    return action == ACTION_RECEIVE || action == ACTION_RECEIVE_OPEN || action == ACTION_HOLD || action == ACTION_OPEN;
}

static void count(struct shift *shift)
{
    if (noted.silent || noted.action == ACTION_SIGN_IN || noted.action == ACTION_SIGN_OUT)
        return;
    struct worker *worker = world_worker(shift, noted.worker);
    worker->scans++;
    worker->parcels += of_parcel(noted.action) - of_parcel(noted.undone);
    worker->units += (noted.action == ACTION_CONFIRM) - (noted.undone == ACTION_CONFIRM);
}

/* ---- what followed, in the words that a trace uses ---- */

static void add_state(char *target, size_t size, const char *of, const char *state)
{
    text_format(target + strlen(target), size - strlen(target), ", %s %s", of, state);
}

static void what_followed(struct shift *shift, char *target, size_t size)
{
    const struct station_answer *answer = &shift->answer;
    const char *next = message_key_name(answer->next.key);
    text_format(target, size, "%s", name_of(&signal_names, (int)answer->signal));
    if (answer->repeated)
        add_state(target, size, "already", "stored");
    if (answer->bounced)
        add_state(target, size, "double", "read");
    if (noted.parcel_id != 0)
        add_state(target, size, "parcel",
                  name_of(&parcel_state_names, (int)house_parcel(&shift->house, noted.parcel_id).state));
    if (noted.unit_id != 0)
        add_state(target, size, "unit",
                  name_of(&unit_state_names, (int)house_unit(&shift->house, noted.unit_id).state));
    add_state(target, size, "next", strncmp(next, "next.", 5) == 0 ? next + 5 : next);
}

/* Calls what looks at units and parcels with the store that the lane works on; the one before comes back. */
static struct store *look_at(struct shift *shift, struct store *store)
{
    struct store *before = shift->house.store;
    shift->house.store = store;
    return before;
}

/* The bytes of "lane words…", as things are at that lane. */
static bool code_of(struct shift *shift, const struct words *words, struct code *code)
{
    const struct station_lane *lane =
        words->count >= 2 ? station_find_lane(shift->station, words->word[0]) : NULL;
    if (lane == NULL)
        return false;
    struct store *own = look_at(shift, station_shown(shift->station, lane));
    bool ok = bytes_of(shift, words, code);
    look_at(shift, own);
    return ok;
}

static void tell_what_followed(struct shift *shift, const char *lane, char *target, size_t size)
{
    struct store *shown = station_shown(shift->station, station_find_lane(shift->station, lane));
    struct store *own = look_at(shift, noted.lesson ? shown : shift->house.store);
    what_followed(shift, target, size);
    look_at(shift, own);
}

void scan_line(struct shift *shift, const char *line, struct buffer *payload)
{
    struct words words;
    struct code code = {0};
    char left[1000], followed[300];
    const char *arrow = strstr(line, "=>");
    text_copy_bytes(left, sizeof left, line, (size_t)(arrow - line));
    arrow += 2 + strspn(arrow + 2, " ");
    if (shift->station == NULL)
        world_begin(shift);
    if (!words_cut(&words, left) || !code_of(shift, &words, &code)) {
        shift_fail(shift, "nobody can scan that");
        return;
    }
    scan(shift, words.word[0], &code);
    if (code.photo.sha256[0] == '\0')
        count(shift);
    tell_what_followed(shift, words.word[0], followed, sizeof followed);
    if (!text_equal(followed, arrow))
        shift_fail(shift, "row \"%s\" gives\n      %s\n    not\n      %s",
                   noted.row != NULL ? noted.row : "(every scan)", followed, arrow);
    if (!noted.silent)
        tell_message(shift, &shift->answer.message, payload);
    tell_news(shift, payload);
    scan_print(shift);
}
