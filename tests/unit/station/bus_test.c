/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints that are taken and refused, bursts that must arrive whole, and peers that are not there. */
#include "daemon/bus.h"

#include "base/clock.h"
#include "base/memory.h"
#include "tests/support/dealer.h"
#include "tests/support/script.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BURST 1000

static struct {
    char directory[32], path[64], endpoint[80];
    struct loop *loop;
    struct bus *bus;
    struct bus_socket *socket;
    int received, lost;
    size_t frames; /* of the last message */
    struct dealer *dealer;
    char peer[256]; /* its routing id */
    size_t peer_length;
} house;

static void count_message(void *context, const struct bus_message *message)
{
    CU_ASSERT_PTR_EQUAL(context, &house);
    CU_ASSERT_PTR_EQUAL(message->socket, house.socket);
    CU_ASSERT_STRING_EQUAL(message->user, "");
    CU_ASSERT_TRUE(message->frames[0].length > 0);
    house.received++;
    house.frames = message->count;
}

/* Sends it back: a send in between is what swallows the edge. */
static void echo(void *context, const struct bus_message *message)
{
    count_message(context, message);
    house.lost += bus_send(house.socket, &message->frames[0], message->frames + 1, message->count - 1) != BUS_SENT;
}

static void open_house(bus_message_fn *fn)
{
    struct error err;
    memset(&house, 0, sizeof house);
    strcpy(house.directory, "/tmp/bus-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(house.directory));
    snprintf(house.path, sizeof house.path, "%s/feed.sock", house.directory);
    snprintf(house.endpoint, sizeof house.endpoint, "ipc://%s", house.path);
    house.loop = loop_new(&err);
    house.bus = bus_new(house.loop, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house.bus);
    if (fn == NULL)
        return;
    house.socket = bus_bind(house.bus, house.endpoint, fn, &house, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house.socket);
}

static void close_house(void)
{
    house.bus = bus_free(house.bus);
    house.loop = loop_free(house.loop);
    CU_ASSERT_NOT_EQUAL(access(house.path, F_OK), 0);
    CU_ASSERT_EQUAL(rmdir(house.directory), 0);
}

static void send_a_burst(void)
{
    struct dealer *dealer = dealer_open(house.endpoint);
    for (int i = 0; i < BURST; i++) {
        char number[12];
        snprintf(number, sizeof number, "%d", i);
        dealer_say(dealer, "burst", number, NULL);
    }
    bool in_order = true;
    int back = 0;
    while (back < BURST && in_order) {
        const struct frame *frames;
        char number[12];
        size_t count = dealer_frames(dealer, &frames);
        int length = snprintf(number, sizeof number, "%d", back++);
        in_order =
            count == 2 && frames[1].length == (size_t)length && memcmp(frames[1].bytes, number, frames[1].length) == 0;
    }
    CU_ASSERT_TRUE(in_order);
    dealer_close(dealer);
}

static void a_burst_arrives_whole(void)
{
    open_house(echo);
    script_run(house.loop, send_a_burst);
    CU_ASSERT_EQUAL(house.received, BURST);
    CU_ASSERT_EQUAL(house.lost, 0);
    close_house();
}

/* ---- edge loss ---- */

#define ROUNDS 30
#define ROUND_MS 10 /* longer than the millisecond for which ZeroMQ does not look at what has arrived */

static void keep_peer(void *context, const struct bus_message *message)
{
    count_message(context, message);
    house.peer_length = message->frames[0].length;
    memcpy(house.peer, message->frames[0].bytes, house.peer_length);
}

/* A handler of something else, which sends while a message comes in: the descriptor's edge is gone after it. */
static void send_while_one_arrives(void)
{
    struct frame peer = {house.peer, house.peer_length}, word = frame_of_text("tick");
    int64_t until = clock_read().tick + ROUND_MS;
    dealer_say(house.dealer, "arrives meanwhile", NULL);
    while (clock_read().tick < until) {
        const struct frame *answer;
        CU_ASSERT_EQUAL(bus_send(house.socket, &peer, &word, 1), BUS_SENT);
        CU_ASSERT_EQUAL(dealer_frames(house.dealer, &answer), 1);
    }
}

static void turn(void)
{
}

static void swallow_edges(void)
{
    house.dealer = dealer_open(house.endpoint);
    dealer_say(house.dealer, "hello", NULL);
    while (house.peer_length == 0)
        script_do(turn);
    for (int i = 0; i < ROUNDS; i++) {
        script_do(send_while_one_arrives);
        for (int k = 0; k < 3; k++)
            script_do(turn); /* wakes the loop, but says nothing of the message */
        CU_ASSERT_EQUAL(house.received, 1 + i + 1);
    }
    dealer_close(house.dealer);
}

static void edge_loss_a_send_of_another_handler_loses_no_message(void)
{
    open_house(keep_peer);
    script_run(house.loop, swallow_edges);
    close_house();
}

static void send_many_frames(void)
{
    struct dealer *dealer = dealer_open(house.endpoint);
    struct frame frames[300];
    for (size_t i = 0; i < COUNT_OF(frames); i++)
        frames[i] = frame_of_text("x");
    dealer_send(dealer, frames, COUNT_OF(frames));
    const struct frame *answer;
    CU_ASSERT_EQUAL(dealer_frames(dealer, &answer), FEED_FRAMES_MAX);
    dealer_close(dealer);
}

static void echo_some(void *context, const struct bus_message *message)
{
    count_message(context, message);
    CU_ASSERT_EQUAL(bus_send(house.socket, &message->frames[0], message->frames + 1, FEED_FRAMES_MAX), BUS_SENT);
}

static void frames_are_bounded(void)
{
    open_house(echo_some);
    script_run(house.loop, send_many_frames);
    CU_ASSERT_EQUAL(house.received, 1);
    CU_ASSERT_EQUAL(house.frames, BUS_FRAMES_MAX);
    close_house();
}

static void send_too_much(void)
{
    CLEANUP(memory_free_at) char *bytes = memory_new(FEED_BYTES_MAX + 1, 1);
    struct frame frames[] = {{bytes, FEED_BYTES_MAX + 1}};
    struct dealer *dealer = dealer_open(house.endpoint);
    dealer_send(dealer, frames, 1); /* ends the connection; others go on */
    struct dealer *other = dealer_open(house.endpoint);
    dealer_say(other, "small", NULL);
    const struct frame *answer;
    CU_ASSERT_EQUAL(dealer_frames(other, &answer), 1);
    dealer_close(other);
    dealer_close(dealer);
}

static void a_frame_over_a_mebibyte_is_never_read(void)
{
    open_house(echo);
    script_run(house.loop, send_too_much);
    CU_ASSERT_EQUAL(house.received, 1);
    close_house();
}

static void a_peer_that_is_not_there_is_gone(void)
{
    open_house(count_message);
    struct frame peer = frame_of_text("nobody"), frames[] = {frame_of_text("a"), frame_of_text("b")};
    CU_ASSERT_EQUAL(bus_send(house.socket, &peer, frames, 2), BUS_GONE);
    CU_ASSERT_EQUAL(bus_send(house.socket, &peer, frames, 2), BUS_GONE);
    house.socket = bus_close(house.socket);
    CU_ASSERT_PTR_NULL(bus_close(NULL));
    close_house();
}

static void expect_refused(const char *endpoint, enum error_code code, const char *message)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(bus_bind(house.bus, endpoint, count_message, &house, &err));
    CU_ASSERT_EQUAL(err.code, code);
    if (strstr(err.message, message) == NULL)
        printf("\n    \"%s\" lacks \"%s\"\n", err.message, message);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, message));
}

static void without_keys_only_ipc_is_bound(void)
{
    open_house(NULL);
    expect_refused("tcp://*:5581", ERROR_INVALID, "tcp://*:5581: needs CURVE keys: returnsctl keys init");
    expect_refused("tcp://127.0.0.1:5581", ERROR_INVALID, "needs CURVE keys");
    expect_refused("inproc://feed", ERROR_INVALID, "must be ipc:// and an absolute path");
    expect_refused("ipc://*", ERROR_INVALID, "must be ipc://");
    expect_refused("ipc://@feed", ERROR_INVALID, "must be ipc://");
    expect_refused("ipc://feed.sock", ERROR_INVALID, "must be ipc://");
    expect_refused("/run/feed.sock", ERROR_INVALID, "must be ipc://");
    expect_refused("", ERROR_INVALID, "must be ipc://");
    expect_refused("ipc:///nowhere/at/all/feed.sock", ERROR_SYSTEM, "/nowhere/at/all/feed.sock");
    char longest[160] = "ipc:///";
    memset(longest + strlen(longest), 'x', 140);
    expect_refused(longest, ERROR_INVALID, "socket path");
    close_house();
}

static void a_living_socket_is_left_alone(void)
{
    struct stat made;
    open_house(count_message);
    CU_ASSERT_EQUAL(stat(house.path, &made), 0);
    CU_ASSERT_EQUAL(made.st_mode & 0777, 0660);
    expect_refused(house.endpoint, ERROR_BUSY, "is in use");
    CU_ASSERT_EQUAL(access(house.path, F_OK), 0);
    close_house();
}

static void only_a_dead_socket_is_replaced(void)
{
    struct error err;
    open_house(NULL);
    CU_ASSERT_EQUAL(close(open(house.path, O_CREAT | O_WRONLY, 0600)), 0);
    expect_refused(house.endpoint, ERROR_CONFLICT, "is not a socket");
    CU_ASSERT_EQUAL(unlink(house.path), 0);
    CU_ASSERT_EQUAL(mknod(house.path, S_IFSOCK | 0600, 0), 0);
    house.socket = bus_bind(house.bus, house.endpoint, echo, &house, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house.socket);
    script_run(house.loop, send_a_burst);
    close_house();
}

SUITE("bus", {"a burst arrives whole", a_burst_arrives_whole},
      {"edge loss: a send of another handler loses no message", edge_loss_a_send_of_another_handler_loses_no_message},
      {"frames are bounded", frames_are_bounded},
      {"a frame over a mebibyte is never read", a_frame_over_a_mebibyte_is_never_read},
      {"a peer that is not there is gone", a_peer_that_is_not_there_is_gone},
      {"without keys only ipc is bound", without_keys_only_ipc_is_bound},
      {"a living socket is left alone", a_living_socket_is_left_alone},
      {"only a dead socket is replaced", only_a_dead_socket_is_replaced})
