/* SPDX-License-Identifier: Apache-2.0 */
/* Plays every recording of tests/golden/scans and compares the scans with what the recording expects. */
#include "base/text.h"
#include "protocol/hid/capture.h"
#include "tests/unit/hid/typist.h"

#include <dirent.h>
#include <inttypes.h>

#define FOLDER SOURCE_DIR "/tests/golden/scans"
#define RECORDINGS_MIN 25 /* a wrong folder must not pass */

struct expected {
    uint8_t bytes[CAPTURE_BYTES_MAX + 1];
    size_t length;
    char aim[4];
};

struct player {
    enum decoder_kind kind;
    char layout[8];
    uint8_t descriptor[DESCRIPTOR_BYTES_MAX];
    size_t descriptor_length;
    char bits[64];
    struct decoder *decoder;
    int64_t tick;
    struct scans received;
    struct expected expected[SCANS_MAX];
    size_t expected_count;
};

static void play_report(struct player *player, const struct capture_line *line)
{
    struct decoder_options options = {.kind = player->kind, .layout = player->layout};
    struct error err = {0};
    if (player->decoder == NULL)
        player->decoder = decoder_new(&options, player->descriptor, player->descriptor_length, &err);
    if (player->decoder == NULL) {
        fprintf(stderr, "line %u: %s\n", line->number, err.message);
        CU_FAIL_FATAL("no decoder");
        return;
    }
    player->tick += 5;
    decoder_report(player->decoder, line->bytes, line->length, player->tick, on_scan, &player->received);
}

static void play_line(struct player *player, const struct capture_line *line)
{
    const char *text = (const char *)line->bytes;
    struct expected *last = &player->expected[player->expected_count > 0 ? player->expected_count - 1 : 0];
    switch (line->key) {
    case CAPTURE_KIND:
        player->kind = text_equal(text, "pos") ? DECODER_POS : DECODER_KEYBOARD;
        break;
    case CAPTURE_LAYOUT:
        TEXT_COPY(player->layout, text);
        break;
    case CAPTURE_DESCRIPTOR:
        memcpy(player->descriptor, line->bytes, line->length);
        player->descriptor_length = line->length;
        break;
    case CAPTURE_REPORT:
        play_report(player, line);
        break;
    case CAPTURE_WAIT:
        player->tick += line->wait_ms;
        decoder_tick(player->decoder, player->tick, on_scan, &player->received);
        break;
    case CAPTURE_EXPECT:
        CU_ASSERT_FATAL(player->expected_count < SCANS_MAX);
        last = &player->expected[player->expected_count++];
        memcpy(last->bytes, line->bytes, line->length + 1);
        last->length = line->length;
        break;
    case CAPTURE_EXPECT_AIM:
        TEXT_COPY(last->aim, text);
        break;
    case CAPTURE_EXPECT_BITS:
        TEXT_COPY(player->bits, text);
        break;
    case CAPTURE_NOTHING:
    case CAPTURE_KEY_COUNT:
        break;
    }
}

static bool bits_are_right(const struct player *player)
{
    static struct descriptor descriptor;
    struct error err = {0};
    char text[64];
    if (player->bits[0] == '\0')
        return true;
    if (!descriptor_parse(&descriptor, player->descriptor, player->descriptor_length, &err))
        return false;
    snprintf(text, sizeof text, "in=%" PRIu32 " out=%" PRIu32 " feature=%" PRIu32, descriptor.bits[REPORT_INPUT],
             descriptor.bits[REPORT_OUTPUT], descriptor.bits[REPORT_FEATURE]);
    return text_equal(text, player->bits);
}

static bool scans_are_right(const struct player *player)
{
    bool right = player->received.count == player->expected_count;
    for (size_t i = 0; right && i < player->expected_count; i++) {
        const struct scan *got = &player->received.scans[i];
        const struct expected *want = &player->expected[i];
        right = got->length == want->length && got->total == want->length &&
                memcmp(got->bytes, want->bytes, want->length) == 0 && text_equal(got->aim, want->aim);
    }
    for (size_t i = 0; !right && i < player->received.count && i < SCANS_MAX; i++) {
        char text[256];
        text_escape(text, sizeof text, player->received.scans[i].bytes, player->received.scans[i].length);
        fprintf(stderr, "  got: %s aim \"%s\"\n", text, player->received.scans[i].aim);
    }
    return right;
}

static void feed_file(struct capture_reader *reader, const char *path)
{
    char block[4096];
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        capture_feed(reader, block, n);
    fclose(file);
}

static bool recording_is_right(const char *path)
{
    struct player *player = calloc(1, sizeof *player);
    struct capture_reader reader = {0};
    static struct capture_line line;
    struct error err = {0};
    TEXT_COPY(player->layout, "us");
    player->tick = 1000;
    feed_file(&reader, path);
    enum capture_result result;
    while ((result = capture_next(&reader, &line, &err)) == CAPTURE_LINE)
        play_line(player, &line);
    if (player->decoder != NULL)
        decoder_tick(player->decoder, INT64_MAX, on_scan, &player->received);
    bool right = result == CAPTURE_MORE && reader.pending.length == 0 && bits_are_right(player) &&
                 scans_are_right(player);
    if (!right)
        fprintf(stderr, "%s: %s\n", path, result == CAPTURE_BROKEN ? err.message : "not as expected");
    capture_done(&reader);
    decoder_free(player->decoder);
    free(player);
    return right;
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

SUITE("hid/golden", {"every recording gives its scans", every_recording_gives_its_scans})
