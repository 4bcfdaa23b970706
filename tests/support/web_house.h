/* SPDX-License-Identifier: Apache-2.0 */
/* A web server in a real loop, in a directory of its own, while a blocking client script runs in a second thread. */
#ifndef TESTS_SUPPORT_WEB_HOUSE_H
#define TESTS_SUPPORT_WEB_HOUSE_H

#include "daemon/web/server.h"

struct web_house {
    struct loop *loop;
    struct web_server *server;
    char directory[64], path[96]; /* path: the Unix socket */
    uint16_t port;                /* on 127.0.0.1 */
};

void web_house_open(struct web_house *house, const struct web_route *routes, size_t count,
                    const struct web_options *options);
/* Runs the loop until the script returns; an alarm ends the program if that takes 20 s. */
void web_house_run(struct web_house *house, void (*script)(void));
/* Asserts that nothing is left behind. */
void web_house_close(struct web_house *house);

#endif
