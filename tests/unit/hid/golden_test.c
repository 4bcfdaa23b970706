/* SPDX-License-Identifier: Apache-2.0 */
/* Plays every recording of tests/golden/scans: it gives the scans that its own "expect" lines say, and what the file
   beside it (.expect) has recorded of them. --update writes those files anew; look at the difference before you keep
   it. */
#include "base/text.h"
#include "protocol/hid/player.h"
#include "tests/support/suite.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER SOURCE_DIR "/tests/golden/scans"
#define RECORDINGS_MIN 25 /* a wrong folder must not pass */

static bool is_update;

struct replay {
    struct player player;
    struct capture_line line;
    struct buffer said, wanted; /* as capture_append_scan writes it */
    struct buffer expect;       /* a wanted scan whose AIM identifier may follow */
    struct buffer record;       /* for the .expect file */
    struct descriptor descriptor;
};

static void on_scan(void *context, const struct scan *scan)
{
    struct replay *replay = context;
    capture_append_scan(&replay->said, scan->bytes, scan->length, scan->aim);
    capture_append_scan(&replay->record, scan->bytes, scan->length, scan->aim);
    buffer_append_format(&replay->record, "kind: %s length: %zu total: %zu\n",
                         replay->player.kind == DECODER_POS ? "pos" : "keyboard", scan->length, scan->total);
}

static void want(struct replay *replay, const char *aim)
{
    if (replay->expect.data != NULL)
        capture_append_scan(&replay->wanted, (const uint8_t *)replay->expect.data, replay->expect.length, aim);
    buffer_done(&replay->expect);
}

/* What the descriptor of the recording says, and what it must. */
static void check_bits(struct replay *replay)
{
    struct error err = {0};
    char text[64] = "broken";
    if (descriptor_parse(&replay->descriptor, replay->player.descriptor, replay->player.descriptor_length, &err))
        snprintf(text, sizeof text, "in=%" PRIu32 " out=%" PRIu32 " feature=%" PRIu32,
                 replay->descriptor.bits[REPORT_INPUT], replay->descriptor.bits[REPORT_OUTPUT],
                 replay->descriptor.bits[REPORT_FEATURE]);
    buffer_append_format(&replay->said, "bits: %s\n", text);
    buffer_append_format(&replay->record, "bits: %s\n", text);
    buffer_append_format(&replay->wanted, "bits: %s\n", (const char *)replay->line.bytes);
}

static bool play_line(struct replay *replay, struct error *err)
{
    if (replay->line.key == CAPTURE_EXPECT_AIM)
        want(replay, (const char *)replay->line.bytes);
    if (replay->line.key == CAPTURE_EXPECT) {
        want(replay, "");
        buffer_append(&replay->expect, replay->line.bytes, replay->line.length);
    }
    if (replay->line.key == CAPTURE_EXPECT_BITS)
        check_bits(replay);
    return player_play(&replay->player, &replay->line, err);
}

static void read_file(struct buffer *target, const char *path)
{
    char block[4096];
    FILE *file = fopen(path, "re");
    for (size_t n; file != NULL && (n = fread(block, 1, sizeof block, file)) > 0;)
        buffer_append(target, block, n);
    if (file != NULL)
        fclose(file);
}

static bool is_same(const struct buffer *said, const struct buffer *wanted, const char *path)
{
    if (said->length == wanted->length && text_equal(buffer_text(said), buffer_text(wanted)))
        return true;
    fprintf(stderr, "%s:\n--- wanted\n%s--- got\n%s", path, buffer_text(wanted), buffer_text(said));
    return false;
}

/* A recording without "expect" lines is a new one: what it gives is recorded, and that is all. */
static bool check_record(const struct replay *replay, const char *path)
{
    char name[1024];
    struct buffer recorded = BUFFER_EMPTY;
    snprintf(name, sizeof name, "%.*s.expect", (int)(strlen(path) - strlen(".hid")), path);
    if (is_update) {
        FILE *file = fopen(name, "we");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        fputs(buffer_text(&replay->record), file);
        fclose(file);
    }
    read_file(&recorded, name);
    bool is_right = is_same(&replay->record, &recorded, name);
    buffer_done(&recorded);
    return is_right;
}

static bool recording_is_right(const char *path)
{
    struct replay *replay = calloc(1, sizeof *replay);
    struct capture_reader reader = {0};
    struct buffer text = BUFFER_EMPTY;
    struct error err = {0};
    enum capture_result result;
    bool is_right = true;
    replay->player = (struct player){.fn = on_scan, .context = replay};
    read_file(&text, path);
    capture_feed(&reader, text.data, text.length);
    while (is_right && (result = capture_next(&reader, &replay->line, &err)) != CAPTURE_MORE)
        is_right = result == CAPTURE_LINE && play_line(replay, &err);
    if (!is_right)
        fprintf(stderr, "%s: %s\n", path, err.message);
    player_end(&replay->player);
    want(replay, "");
    is_right = is_right && reader.pending.length == 0;
    bool is_new = replay->wanted.length == 0;
    is_right = (is_new || is_same(&replay->said, &replay->wanted, path)) && check_record(replay, path) && is_right;
    buffer_done(&replay->said);
    buffer_done(&replay->wanted);
    buffer_done(&replay->record);
    buffer_done(&text);
    capture_done(&reader);
    player_done(&replay->player);
    free(replay);
    return is_right;
}

static void every_recording_gives_its_scans(void)
{
    DIR *folder = opendir(FOLDER);
    CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
    int recordings = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".hid") != 0)
            continue;
        char path[1024];
        snprintf(path, sizeof path, FOLDER "/%s", entry->d_name);
        CU_ASSERT_TRUE(recording_is_right(path));
        recordings++;
    }
    closedir(folder);
    CU_ASSERT_TRUE(recordings >= RECORDINGS_MIN);
}

int main(int argc, char **argv)
{
    static const struct suite_test tests[] = {{"every recording gives its scans", every_recording_gives_its_scans}};
    is_update = argc > 1 && text_equal(argv[1], "--update");
    return suite_run("hid/golden", tests, sizeof tests / sizeof tests[0]);
}
