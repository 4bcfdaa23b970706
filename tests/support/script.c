/* SPDX-License-Identifier: Apache-2.0 */
/* Running a script beside a loop. */
#include "tests/support/script.h"

#include "tests/support/suite.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

/* One script at a time. requests: functions to the loop, by their address; answers: a byte for each. */
static struct {
    struct loop *loop;
    void (*run)(void);
    int requests[2], answers[2];
} script;

static void *run_script(void *context)
{
    (void)context;
    script.run();
    close(script.requests[1]);
    return NULL;
}

static void on_request(void *context, int fd, uint32_t events)
{
    (void)context, (void)events;
    void (*fn)(void);
    if (read(fd, &fn, sizeof fn) != (ssize_t)sizeof fn) {
        loop_stop(script.loop);
        return;
    }
    fn();
    CU_ASSERT_EQUAL(write(script.answers[1], "", 1), 1);
}

void script_do(void (*fn)(void))
{
    char answer;
    CU_ASSERT_EQUAL(write(script.requests[1], &fn, sizeof fn), (ssize_t)sizeof fn);
    CU_ASSERT_EQUAL(read(script.answers[0], &answer, 1), 1);
}

void script_run(struct loop *loop, void (*run)(void))
{
    struct error err;
    pthread_t thread;
    script.loop = loop;
    script.run = run;
    CU_ASSERT_EQUAL_FATAL(pipe2(script.requests, O_CLOEXEC), 0);
    CU_ASSERT_EQUAL_FATAL(pipe2(script.answers, O_CLOEXEC), 0);
    struct loop_source *source =
        loop_add_io(loop, "script", LOOP_NORMAL, script.requests[0], EPOLLIN, on_request, NULL);
    alarm(SCRIPT_DEADLINE_S);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, run_script, NULL), 0);
    CU_ASSERT_TRUE(loop_run(loop, &err));
    pthread_join(thread, NULL);
    alarm(0);
    loop_remove(source);
    close(script.requests[0]);
    close(script.answers[0]);
    close(script.answers[1]);
}
