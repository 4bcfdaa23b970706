/* SPDX-License-Identifier: Apache-2.0 */
/* Server in the loop, client in a thread: the script may block, the loop never does. */
#include "tests/support/web_house.h"

#include "base/loop.h"
#include "tests/support/http.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct script {
    void (*run)(void);
    int done[2];
};

static void *run_script(void *context)
{
    struct script *script = context;
    script->run();
    close(script->done[1]);
    return NULL;
}

static void on_script_done(void *context, int fd, uint32_t events)
{
    (void)fd, (void)events;
    loop_stop(context);
}

void web_house_open(struct web_house *house, const struct web_route *routes, size_t count,
                    const struct web_options *options)
{
    struct error err;
    memset(house, 0, sizeof *house);
    strcpy(house->directory, "/tmp/web-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(house->directory));
    snprintf(house->path, sizeof house->path, "%s/api.sock", house->directory);
    house->loop = loop_new(&err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house->loop);
    house->server = web_server_new(house->loop, options, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(house->server);
    web_server_add_routes(house->server, routes, count, NULL);
    CU_ASSERT_TRUE_FATAL(web_server_listen_unix(house->server, house->path, &err));
    CU_ASSERT_TRUE_FATAL(web_server_listen_tcp(house->server, "127.0.0.1", 0, &house->port, &err));
}

void web_house_run(struct web_house *house, void (*run)(void))
{
    struct error err;
    struct script script = {.run = run};
    pthread_t thread;
    CU_ASSERT_EQUAL_FATAL(pipe2(script.done, O_CLOEXEC), 0);
    struct loop_source *done =
        loop_add_io(house->loop, "done", LOOP_NORMAL, script.done[0], EPOLLIN, on_script_done, house->loop);
    alarm(HTTP_DEADLINE_S);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, run_script, &script), 0);
    CU_ASSERT_TRUE(loop_run(house->loop, &err));
    pthread_join(thread, NULL);
    alarm(0);
    loop_remove(done);
    close(script.done[0]);
}

void web_house_close(struct web_house *house)
{
    house->server = web_server_free(house->server);
    house->loop = loop_free(house->loop);
    CU_ASSERT_NOT_EQUAL(access(house->path, F_OK), 0);
    CU_ASSERT_EQUAL(rmdir(house->directory), 0);
}
