/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration: defaults, the shipped file, drop-ins, every kind of mistake, the reference, and hostile files. */
#include "daemon/config.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "protocol/hid/keymap.h"
#include "tests/support/suite.h"
#include "tests/unit/station/config_mistakes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#define MUTATIONS 2000

static char folder[64];
static struct config config;
static struct error err;

static const char *path_of(const char *name)
{
    static char path[128];
    TEXT_FORMAT(path, "%s/%s", folder, name);
    return path;
}

static void write_bytes(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(path_of(name), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static char *read_text(const char *path)
{
    char *text = memory_new(65536, 1);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

/* Starts with an empty folder, and without what systemd or a developer may have set. */
static void begin(void)
{
    TEXT_COPY(folder, "/tmp/returnsd-config-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    CU_ASSERT_EQUAL_FATAL(mkdir(path_of("conf.d"), 0700), 0);
    unsetenv("STATE_DIRECTORY");
    unsetenv("RUNTIME_DIRECTORY");
    unsetenv("RETURNSD_DATA");
    setenv("CONFIGURATION_DIRECTORY", folder, 1);
}

static void end(void)
{
    static const char *const names[] = {"returnsd.conf",        "conf.d/10-a.conf", "conf.d/20-b.conf",
                                        "conf.d/30-c.disabled", "conf.d",           ""};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        CU_ASSERT_TRUE(remove(path_of(names[i])) == 0 || errno == ENOENT);
}

static void load(const char *text)
{
    write_text("returnsd.conf", text);
    err = (struct error){0};
    CU_ASSERT_TRUE(config_load(path_of("returnsd.conf"), &config, &err));
    CU_ASSERT_STRING_EQUAL(err.message, "");
}

static char *printed(const struct config *from)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    config_print(from, file);
    fclose(file);
    return text;
}

static void without_files_there_is_a_default(void)
{
    begin();
    setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
    setenv("RUNTIME_DIRECTORY", "/srv/run", 1);
    setenv("RETURNSD_DATA", "/srv/data", 1);
    CU_ASSERT_TRUE_FATAL(config_load(NULL, &config, &err));
    CU_ASSERT_STRING_EQUAL(config.state_directory, "/srv/state");
    CU_ASSERT_STRING_EQUAL(config.data_directory, "/srv/data");
    CU_ASSERT_STRING_EQUAL(config.feed_endpoint, "ipc:///srv/run/feed.sock");
    CU_ASSERT_STRING_EQUAL(config.feed_tcp, CONFIG_OFF);
    CU_ASSERT_STRING_EQUAL(config.feed_keys, "/srv/state/keys");
    CU_ASSERT_STRING_EQUAL(config.site, "site");
    CU_ASSERT_TRUE(config.station[0] != '\0');
    CU_ASSERT_EQUAL(config.station_number, 0);
    CU_ASSERT_EQUAL(config.log_level, LOG_INFO);
    CU_ASSERT_EQUAL(config.web_port, 8321);
    CU_ASSERT_EQUAL(config.scanner_count, 1);
    CU_ASSERT_STRING_EQUAL(config.scanners[0].name, "scanner");
    CU_ASSERT_STRING_EQUAL(config.scanners[0].port, "any");
    CU_ASSERT_STRING_EQUAL(config.scanners[0].lane, "lane-1");
    CU_ASSERT_EQUAL(config.lane_count, 1);
    CU_ASSERT_STRING_EQUAL(config.lanes[0].name, "lane-1");
    CU_ASSERT_STRING_EQUAL(config.lanes[0].location, "LANE-1");
    CU_ASSERT_EQUAL(config.lanes[0].mode, LANE_COMBINED);
    CU_ASSERT_STRING_EQUAL(config.lanes[0].printer, "labels");
    CU_ASSERT_STRING_EQUAL(config.printers[0].uri, "file:/srv/state/labels");
    CU_ASSERT_EQUAL(config.printers[0].dpi, 203);
    CU_ASSERT_STRING_EQUAL(config.codes.rma_patterns[0], "RMA*");
    end();
    begin();
    CU_ASSERT_TRUE(config_load(NULL, &config, &err));
    CU_ASSERT_STRING_EQUAL(config.state_directory, "/var/lib/returnsd");
    CU_ASSERT_STRING_EQUAL(config.runtime_directory, "/run/returnsd");
    CU_ASSERT_EQUAL(config.data_directory[0], '/');
    end();
}

/* The file says what it takes for the default; as it is, it changes nothing, and its examples are right. */
static void the_shipped_file_is_right(void)
{
    begin();
    CU_ASSERT_TRUE(config_load(NULL, &config, &err));
    CLEANUP(memory_free_at) char *before = printed(&config);
    CU_ASSERT_TRUE(config_load(SOURCE_DIR "/data/returnsd.conf", &config, &err));
    CLEANUP(memory_free_at) char *after = printed(&config);
    CU_ASSERT_STRING_EQUAL(before, after);
    CLEANUP(memory_free_at) char *text = read_text(SOURCE_DIR "/data/returnsd.conf");
    int settings = 0;
    for (char *p = strchr(text, '#'); p != NULL; p = strchr(p + 1, '#'))
        if ((p == text || p[-1] == '\n' || p[-1] == ' ') && p[1] != '\n' && p[1] != ' ') {
            *p = ' ';
            settings++;
        }
    for (char *p = strstr(text, "\n#    "); p != NULL; p = strstr(p + 1, "\n#    "))
        p[1] = ' ';
    load(text);
    CU_ASSERT_TRUE(settings > 10);
    CU_ASSERT_STRING_EQUAL(config.station, "dock-07");
    CU_ASSERT_STRING_EQUAL(config.feed_endpoint, "ipc:///run/returnsd/feed.sock");
    CU_ASSERT_STRING_EQUAL(config.printers[0].uri, "tcp://192.0.2.20:9100");
    CU_ASSERT_STRING_EQUAL(config.codes.order_patterns[1], "ORD#{4,}");
    CU_ASSERT_STRING_EQUAL(config.scanners[0].lane, "lane-1");
    end();
}

static const char everything[] =
    "station { site = lyon name = 'dock-07' number = 7 training = yes log_level = debug }\n"
    "directories { state = \"s t\" runtime = /r data = ../d }\n"
    "web { host = \"::1\" port = off }\nfeed { endpoint = off tcp = \"tcp://*:5581\" keys = /etc/k }\n"
    "codes { rma = { \"RET-####\", 'luhn:Q#{9}' } order = {} tracking = { \"gls=#{11}\" } }\n"
    "printer z { uri = \"tcp://10.0.0.9\" dpi = 300 }\nprinter f { uri = \"file:out\" }\n"
    "lane a { mode = dock printer = f badge = yes }\nlane b { mode = bench location = B.1 }\n"
    "scanner s1 { lane = b replay = scans.hid layout = fr prefix = \"\\x02\\$!\" suffix = '\\\"' gs_text = \"^]\"\n"
    "  suffix_key = tab gs_key = f8 strip_aim = yes silence_ms = 250 }\nscanner s2 { port = \"2-1.4\" }\n";

static void everything_can_be_set(void)
{
    begin();
    load(everything);
    CU_ASSERT_STRING_EQUAL(config.site, "lyon");
    CU_ASSERT_TRUE(config.training);
    CU_ASSERT_EQUAL(config.log_level, LOG_DEBUG);
    CU_ASSERT_EQUAL(strncmp(config.state_directory, folder, strlen(folder)), 0);
    CU_ASSERT_STRING_EQUAL(config.state_directory + strlen(folder), "/s t");
    CU_ASSERT_STRING_EQUAL(config.data_directory + strlen(folder), "/../d");
    CU_ASSERT_EQUAL(config.web_port, -1);
    CU_ASSERT_STRING_EQUAL(config.feed_endpoint, CONFIG_OFF);
    CU_ASSERT_STRING_EQUAL(config.feed_tcp, "tcp://*:5581");
    CU_ASSERT_STRING_EQUAL(config.feed_keys, "/etc/k");
    CU_ASSERT_STRING_EQUAL(config.codes.rma_patterns[1], "luhn:Q#{9}");
    CU_ASSERT_STRING_EQUAL(config.codes.rma_patterns[2], "");
    CU_ASSERT_STRING_EQUAL(config.codes.order_patterns[0], "");
    CU_ASSERT_EQUAL(config.lanes[0].mode, LANE_DOCK);
    CU_ASSERT_TRUE(config.lanes[0].badge);
    CU_ASSERT_STRING_EQUAL(config.lanes[0].printer, "f");
    CU_ASSERT_STRING_EQUAL(config.lanes[1].printer, "z");
    CU_ASSERT_STRING_EQUAL(config.printers[1].uri + strlen("file:") + strlen(folder), "/out");
    CU_ASSERT_STRING_EQUAL(config.scanners[0].prefix, "\x02$!");
    CU_ASSERT_STRING_EQUAL(config.scanners[0].suffix, "\\\"");
    CU_ASSERT_STRING_EQUAL(config.scanners[1].lane, "a");
    CU_ASSERT_STRING_EQUAL(config.scanners[0].port, "any");
    CU_ASSERT_STRING_EQUAL(config.scanners[1].port, "2-1.4");
    struct decoder_options options = config_decoder_options(&config.scanners[0]);
    CU_ASSERT_EQUAL(options.suffix_usage, 0x2B);
    CU_ASSERT_EQUAL(options.gs_usage, 0x41);
    CU_ASSERT_TRUE(options.strip_aim && options.silence_ms == 250 && text_equal(options.layout, "fr"));
    CU_ASSERT_EQUAL(config_find_lane(&config, "b"), 1);
    CU_ASSERT_EQUAL(config_find_printer(&config, "nobody"), -1);
    CLEANUP(memory_free_at) char *first = printed(&config);
    load(first);
    CLEANUP(memory_free_at) char *second = printed(&config);
    CU_ASSERT_STRING_EQUAL(first, second);
    end();
}

static void drop_ins_override_in_order(void)
{
    begin();
    write_text("conf.d/20-b.conf", "lane a { mode = bench printer = p }\nprinter p {}\n");
    write_text("conf.d/10-a.conf", "web { port = 1 }\nlane a { mode = dock badge = yes }\nlane c {}\n");
    write_text("conf.d/30-c.disabled", "web { port = 3 }\n");
    load("web { port = 0 host = localhost }\nlane a { location = X printer = gone }\n");
    CU_ASSERT_EQUAL(config.web_port, 1);
    CU_ASSERT_STRING_EQUAL(config.web_host, "localhost");
    CU_ASSERT_EQUAL(config.lane_count, 2);
    CU_ASSERT_EQUAL(config.lanes[0].mode, LANE_BENCH);
    CU_ASSERT_TRUE(config.lanes[0].badge);
    CU_ASSERT_STRING_EQUAL(config.lanes[0].location, "X");
    CU_ASSERT_STRING_EQUAL(config.lanes[0].printer, "p");
    write_text("conf.d/20-b.conf", "\n\nlane a { printer = q }\n");
    CU_ASSERT_FALSE(config_load(path_of("returnsd.conf"), &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "/conf.d/20-b.conf:3: there is no printer q"));
    remove(path_of("returnsd.conf"));
    write_text("conf.d/20-b.conf", "station { number = 12 }");
    CU_ASSERT_TRUE(config_load(NULL, &config, &err));
    CU_ASSERT_EQUAL(config.station_number, 12);
    end();
}

static void every_mistake_is_named(void)
{
    begin();
    config = (struct config){.site = "untouched"};
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        char expected[ERROR_MESSAGE_MAX];
        write_text("returnsd.conf", mistakes[i].text);
        bool is_good = config_load(NULL, &config, &err);
        TEXT_FORMAT(expected, "%s%s", path_of("returnsd.conf"), mistakes[i].message);
        if (is_good || strncmp(err.message, expected, strlen(expected)) != 0)
            printf("\n  %s\n  gives    %s\n  expected %s\n", mistakes[i].text, err.message, expected);
        CU_ASSERT_FALSE(is_good);
        CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
        CU_ASSERT_EQUAL(strncmp(err.message, expected, strlen(expected)), 0);
    }
    CU_ASSERT_STRING_EQUAL(config.site, "untouched");
    CU_ASSERT_FALSE(config_load(NULL, &config, NULL));
    end();
}

static void files_must_be_readable_and_small(void)
{
    static char big[65537];
    begin();
    CU_ASSERT_FALSE(config_load(path_of("returnsd.conf"), &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "returnsd.conf: cannot be read: No such file or directory"));
    CU_ASSERT_FALSE(config_load(folder, &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "cannot be read: Is a directory"));
    memset(big, '\n', sizeof big);
    write_bytes("returnsd.conf", big, sizeof big);
    CU_ASSERT_FALSE(config_load(NULL, &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "returnsd.conf: too big; allowed: 65536 bytes"));
    write_bytes("returnsd.conf", big, sizeof big - 1);
    CU_ASSERT_TRUE(config_load(NULL, &config, &err));
    write_bytes("returnsd.conf", "\nweb {\0}", 8);
    CU_ASSERT_FALSE(config_load(NULL, &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "returnsd.conf:2: not text; allowed: UTF-8"));
    write_text("returnsd.conf", "");
    CU_ASSERT_TRUE(config_load(NULL, &config, &err));
    end();
}

static void tables_are_bounded(void)
{
    CLEANUP(buffer_done) struct buffer text = BUFFER_EMPTY;
    begin();
    for (int i = 0; i < CONFIG_LANES; i++)
        buffer_append_format(&text, "lane l%d {}\n", i);
    load(buffer_text(&text));
    CU_ASSERT_EQUAL(config.lane_count, CONFIG_LANES);
    buffer_append_text(&text, "lane more {}\n");
    write_text("returnsd.conf", buffer_text(&text));
    CU_ASSERT_FALSE(config_load(NULL, &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, ":33: too many lane sections; allowed: 32"));
    buffer_clear(&text);
    for (int i = 0; i < 300; i++)
        buffer_append_text(&text, "web {}\n");
    write_text("returnsd.conf", buffer_text(&text));
    CU_ASSERT_FALSE(config_load(NULL, &config, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, ":257: too many sections"));
    end();
}

static size_t mutate(char *text, size_t length, uint64_t *state)
{
    static const char bytes[] = "{}={}\"'#/*\\\n$+,|\t\r\x80 lane a";
    for (uint64_t changes = 1 + suite_random(state) % 4; changes > 0 && length > 1; changes--) {
        size_t at = suite_random(state) % length, many = 1 + suite_random(state) % 8;
        many = many > length - at ? length - at : many;
        if (suite_random(state) % 3 == 0) {
            memmove(text + at, text + at + many, length - at - many);
            length -= many;
        } else {
            text[at] = bytes[suite_random(state) % sizeof bytes]; /* the NUL behind them, too */
        }
    }
    return length;
}

/* Whatever the bytes are: an answer, one that names the file, and nothing kept in libconfuse for the next one. */
static void hostile_files_are_refused_or_read(void)
{
    static char text[sizeof everything];
    uint64_t state = suite_seed();
    int refused = 0;
    begin();
    for (int i = 0; i < MUTATIONS; i++) {
        memcpy(text, everything, sizeof text);
        size_t length = mutate(text, sizeof text - 1, &state);
        write_bytes("returnsd.conf", text, length);
        err = (struct error){0};
        if (!config_load(NULL, &config, &err)) {
            refused++;
            CU_ASSERT_EQUAL(strncmp(err.message, path_of("returnsd.conf:"), strlen(path_of("returnsd.conf:"))), 0);
        }
        if (i % 100 == 0)
            load(everything);
    }
    CU_ASSERT_TRUE(refused > MUTATIONS / 2 && refused < MUTATIONS);
    end();
}

/* UPDATE=1 writes the files anew. */
static void the_reference_follows_the_table(void)
{
    static const char *const names[CONFIG_HELP_FORMAT_COUNT] = {
        [CONFIG_HELP_MARKDOWN] = SOURCE_DIR "/docs/configuration.md",
        [CONFIG_HELP_MAN] = SOURCE_DIR "/docs/returnsd.conf.5",
    };
    for (int format = 0; format < CONFIG_HELP_FORMAT_COUNT; format++) {
        CLEANUP(memory_free_at) char *text = NULL;
        size_t length = 0;
        FILE *file = open_memstream(&text, &length);
        config_help((enum config_help_format)format, file);
        fclose(file);
        if (getenv("UPDATE") != NULL && (file = fopen(names[format], "w")) != NULL) {
            fputs(text, file);
            fclose(file);
        }
        CLEANUP(memory_free_at) char *there = read_text(names[format]);
        if (!text_equal(there, text))
            printf("\n  %s is old: run this program with UPDATE=1\n", names[format]);
        CU_ASSERT_STRING_EQUAL(there, text);
        for (size_t i = 0; keymap_layout(i) != NULL; i++)
            CU_ASSERT_PTR_NOT_NULL(strstr(text, keymap_layout(i)));
    }
}

SUITE("station/config", {"without files there is a default", without_files_there_is_a_default},
      {"the shipped file is right", the_shipped_file_is_right}, {"everything can be set", everything_can_be_set},
      {"drop-ins override in order", drop_ins_override_in_order}, {"every mistake is named", every_mistake_is_named},
      {"files must be readable and small", files_must_be_readable_and_small},
      {"tables are bounded", tables_are_bounded},
      {"hostile files are refused or read", hostile_files_are_refused_or_read},
      {"the reference follows the table", the_reference_follows_the_table})
