/* SPDX-License-Identifier: Apache-2.0 */
/* A consumer of the feed for tests: a DEALER that blocks, for at most DEALER_DEADLINE_MS. */
#ifndef TESTS_SUPPORT_DEALER_H
#define TESTS_SUPPORT_DEALER_H

#include "protocol/message/frame.h"

#define DEALER_DEADLINE_MS 15000

struct dealer;

struct dealer *dealer_open(const char *endpoint);
struct dealer *dealer_close(struct dealer *dealer);
void dealer_send(struct dealer *dealer, const struct frame *frames, size_t count);
/* Texts ended by NULL, one frame each. */
void dealer_say(struct dealer *dealer, ...) __attribute__((sentinel));
/* The next message's frames, valid until the next call; 0 = none within the deadline. */
size_t dealer_frames(struct dealer *dealer, const struct frame **ret_frames);
/* The next message of the station; asserts that it is one, and of that verb. */
struct feed_message dealer_hear(struct dealer *dealer, enum feed_verb verb);
/* Asserts that the next message is this ERR. */
void dealer_hear_error(struct dealer *dealer, enum feed_refusal refusal);

#endif
