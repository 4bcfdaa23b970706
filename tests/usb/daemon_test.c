/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon as it is shipped, as a child, without a word about scanners: one is plugged in, and its scan is in the
   events of the first lane. */
#include "base/text.h"
#include "tests/support/http.h"
#include "tests/support/suite.h"
#include "tests/usb/bench.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_MS 20000
#define EVENTS "/api/v1/events?after=0&limit=10"

struct house {
    char folder[32], config[64], socket[64];
    pid_t child;
    int log; /* what the daemon writes on stderr */
    char line[400];
};

static void write_config(const struct house *house, const char *data)
{
    FILE *file = fopen(house->config, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file,
            "station { site = lab name = dock-1 number = 1 }\nweb { port = off }\nfeed { endpoint = off }\n"
            "directories { state = state runtime = run data = \"%s\" }\n",
            data);
    fclose(file);
}

static void make_folder(struct house *house)
{
    TEXT_COPY(house->folder, "/tmp/returnsd-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(house->folder));
    TEXT_FORMAT(house->config, "%s/returnsd.conf", house->folder);
    TEXT_FORMAT(house->socket, "%s/run/api.sock", house->folder);
}

static void start_on(struct house *house, const char *data)
{
    write_config(house, data);
    int ends[2];
    CU_ASSERT_EQUAL_FATAL(pipe2(ends, O_CLOEXEC), 0);
    house->log = ends[0];
    house->child = fork();
    if (house->child == 0) {
        dup2(ends[1], STDERR_FILENO);
        execl(DAEMON, DAEMON, "--config", house->config, NULL);
        _exit(127);
    }
    close(ends[1]);
}

static void start(struct house *house)
{
    make_folder(house);
    start_on(house, SOURCE_DIR "/data");
}

/* On a copy of the data, in its folder: a relative path is seen from the file. */
static void start_with_own_data(struct house *house)
{
    char command[200];
    make_folder(house);
    TEXT_FORMAT(command, "cp -r " SOURCE_DIR "/data %s/data", house->folder);
    CU_ASSERT_EQUAL(system(command), 0);
    start_on(house, "data");
}

/* Its own leaks are its exit status, too. */
static void stop(struct house *house)
{
    char command[80];
    int status = -1;
    kill(house->child, SIGTERM);
    waitpid(house->child, &status, 0);
    CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    TEXT_FORMAT(command, "rm -r %s", house->folder);
    CU_ASSERT_EQUAL(system(command), 0);
    close(house->log);
}

/* Reads the log up to a line that holds text. */
static void await_line(struct house *house, const char *text)
{
    struct pollfd log = {.fd = house->log, .events = POLLIN};
    size_t used = 0;
    house->line[0] = '\0';
    while (strstr(house->line, text) == NULL) {
        char byte;
        if (poll(&log, 1, DEADLINE_MS) != 1 || read(house->log, &byte, 1) != 1) {
            printf("\n  no line with %s\n", text);
            CU_FAIL_FATAL("the daemon has ended or hangs");
        }
        used = byte == '\n' || used + 2 > sizeof house->line ? 0 : used;
        house->line[used++] = byte;
        house->line[used] = '\0';
    }
}

static void the_daemon_takes_a_scanner_by_itself(void)
{
    struct house house;
    struct mock_bus *bus = mock_bus_new();
    struct mock_device *device = mock_plug(bus, "1-1", &model_unlisted_pos, FAULT_NONE);
    start(&house);
    await_line(&house, "attached");
    bench_scan_pos(device, 0, "1Z999AA10123456784");
    http_get_until(house.socket, EVENTS, "scanner@1-1");
    mock_unplug(device);
    http_get_until(house.socket, EVENTS, "io.returnsd.scanner.detached.v1"); /* nobody has to look whether it is there */
    device = mock_plug(bus, "1-2.3", &model_unlisted_pos, FAULT_NONE);
    bench_scan_pos(device, 0, "1Z999AA10123456793");
    http_get_until(house.socket, EVENTS, "scanner@1-2.3");
    stop(&house);
    struct mock_count count = mock_count(device);
    CU_ASSERT_EQUAL(count.in_flight, 0);
    CU_ASSERT_EQUAL(count.bound_again[0], 1);
    mock_unplug(device);
    mock_bus_free(bus);
}

/* The tone of an answer: "\x04\x04" good, "\x04\x02" error, in the output report of the model. Asking the API gives the
   daemon its turns. */
static void await_beep(const struct house *house, struct mock_device *device, unsigned outputs, const char *bits)
{
    for (int i = 0; i < 1000 && mock_count(device).outputs < outputs; i++)
        http_get_until(house->socket, "/api/v1/scanners", "hid_pos");
    CU_ASSERT_EQUAL(mock_count(device).outputs, outputs);
    CU_ASSERT_EQUAL(memcmp(mock_count(device).output, bits, 2), 0);
}

/* An answer is in the journal before its tone sounds, and an unknown code sounds wrong. */
static void the_scanner_beeps_what_the_station_answered(void)
{
    struct house house;
    struct mock_bus *bus = mock_bus_new();
    struct mock_device *device = mock_plug(bus, "1-1", &model_beeper, FAULT_NONE);
    struct mock_device *other = mock_plug(bus, "1-2", &model_beeper, FAULT_NONE);
    start(&house);
    await_line(&house, "attached");
    await_line(&house, "attached");
    bench_scan_pos(device, 0, "NOBODY-KNOWS-THIS");
    await_beep(&house, device, 1, "\x04\x02");
    http_get_until(house.socket, EVENTS, "NOBODY-KNOWS-THIS");
    /* once it is no more "kept while nobody read", a good scan sounds good */
    for (unsigned outputs = 2; memcmp(mock_count(device).output, "\x04\x04", 2) != 0 && outputs < 100; outputs++) {
        bench_scan_pos(device, 0, outputs % 2 == 0 ? "XCTLDOCKF" : "XCTLBENCHB");
        for (int i = 0; i < 1000 && mock_count(device).outputs < outputs; i++)
            http_get_until(house.socket, "/api/v1/scanners", "hid_pos");
    }
    CU_ASSERT_EQUAL(memcmp(mock_count(device).output, "\x04\x04", 2), 0);
    CU_ASSERT_EQUAL(mock_count(other).outputs, 0);
    stop(&house);
    mock_unplug(device);
    mock_unplug(other);
    mock_bus_free(bus);
}

/* A keyboard-mode scanner of a maker nobody has heard of: a line in scanners.conf and SIGHUP, and the next time it is
   plugged in it is one. A broken file changes nothing. */
static void a_reload_teaches_a_new_scanner(void)
{
    struct house house;
    struct mock_bus *bus = mock_bus_new();
    char command[300];
    start_with_own_data(&house);
    await_line(&house, "is ready");
    TEXT_FORMAT(command, "echo 'new 046d:c31c keyboard - - One of ours' >> %s/data/scanners.conf", house.folder);
    CU_ASSERT_EQUAL(system(command), 0);
    kill(house.child, SIGHUP);
    await_line(&house, "reloaded");
    struct mock_device *device = mock_plug(bus, "1-1", &model_unlisted_keyboard, FAULT_NONE);
    await_line(&house, "attached (keyboard mode, 046d:c31c, One of ours");
    TEXT_FORMAT(command, "echo broken >> %s/data/scanners.conf", house.folder);
    CU_ASSERT_EQUAL(system(command), 0);
    kill(house.child, SIGHUP);
    await_line(&house, "the known scanners stay as they were");
    bench_type(device, 0, "abc123\n");
    http_get_until(house.socket, "/api/v1/scanners", "\"code\":\"abc123\"");
    stop(&house);
    mock_unplug(device);
    mock_bus_free(bus);
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"the daemon takes a scanner by itself", the_daemon_takes_a_scanner_by_itself},
        {"the scanner beeps what the station answered", the_scanner_beeps_what_the_station_answered},
        {"a reload teaches a new scanner", a_reload_teaches_a_new_scanner}};
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/daemon", tests, sizeof tests / sizeof tests[0]);
}
