/* SPDX-License-Identifier: Apache-2.0 */
/* The ZAP handler (rfc.zeromq.org/spec/27). Without one a CURVE server lets everybody in, so it is bound before any
   such server. */
#include "base/text.h"
#include "daemon/bus_private.h"

#include <string.h>

enum zap_part {
    ZAP_PEER, ZAP_DELIMITER, ZAP_VERSION, ZAP_REQUEST, ZAP_DOMAIN, ZAP_ADDRESS, ZAP_IDENTITY, ZAP_MECHANISM, ZAP_KEY,
    ZAP_PART_COUNT
};

static bool frame_equals(const struct frame *frame, const char *text)
{
    return frame->length == strlen(text) && memcmp(frame->bytes, text, frame->length) == 0;
}

static enum bus_verdict judge_request(const struct bus *bus, const struct bus_message *message,
                                      char ret_user[FEED_CONSUMER_SIZE])
{
    const struct frame *frames = message->frames;
    if (!frame_equals(&frames[ZAP_MECHANISM], "CURVE") || frames[ZAP_KEY].length != KEY_BYTES)
        return BUS_NEVER;
    return bus->judge(bus->judge_context, frames[ZAP_KEY].bytes, ret_user);
}

static void answer_request(void *context, const struct bus_message *message)
{
    static const struct {
        const char *status, *text;
    } answers[] = {
        [BUS_ADMIT] = {"200", "OK"}, [BUS_NOT_YET] = {"300", "unknown key"}, [BUS_NEVER] = {"400", "revoked"}};
    char user[FEED_CONSUMER_SIZE] = "";
    if (message->count != ZAP_PART_COUNT || !frame_equals(&message->frames[ZAP_VERSION], "1.0"))
        return; /* ZeroMQ itself asks; a connection without an answer is not let in */
    enum bus_verdict verdict = judge_request(context, message, user);
    struct frame reply[] = {{"", 0}, frame_of_text("1.0"), message->frames[ZAP_REQUEST],
                            frame_of_text(answers[verdict].status), frame_of_text(answers[verdict].text),
                            frame_of_text(user), {"", 0}};
    bus_send(message->socket, &message->frames[ZAP_PEER], reply, sizeof reply / sizeof reply[0]);
}

bool bus_guard(struct bus *bus, const struct key_file *pair, bus_judge_fn *judge, void *context, struct error *err)
{
    bus->pair = *pair;
    bus->judge = judge;
    bus->judge_context = context;
    struct bus_socket *socket = bus_open(bus, BUS_ROUTER, answer_request, bus, err);
    if (socket == NULL)
        return false;
    if (!bus_bind_inside(socket, "inproc://zeromq.zap.01", err)) {
        bus_close(socket);
        return false;
    }
    bus->guard = socket;
    return true;
}
