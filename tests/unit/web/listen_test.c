/* SPDX-License-Identifier: Apache-2.0 */
/* Which sockets are replaced and which addresses are taken. */
#include "daemon/web/listen.h"

#include "base/memory.h"
#include "daemon/web/guard.h"
#include "tests/support/suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[32], path[64];

static void open_directory(void)
{
    strcpy(directory, "/tmp/listen-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/api.sock", directory);
}

static void close_directory(void)
{
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(rmdir(directory), 0);
}

static void a_living_socket_is_left_alone(void)
{
    struct error err;
    open_directory();
    int fd = listen_unix(path, &err);
    CU_ASSERT_TRUE(fd >= 0);
    CU_ASSERT_EQUAL(listen_unix(path, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, path));
    CU_ASSERT_EQUAL(access(path, F_OK), 0);
    close(fd);
    close_directory();
}

static void a_dead_socket_is_replaced(void)
{
    struct error err;
    struct stat made;
    open_directory();
    int dead = listen_unix(path, &err);
    CU_ASSERT_EQUAL(chmod(path, 0600), 0);
    close(dead);
    int fd = listen_unix(path, &err);
    CU_ASSERT_TRUE(fd >= 0);
    CU_ASSERT_EQUAL(stat(path, &made), 0);
    CU_ASSERT_EQUAL(made.st_mode & 0777, 0660);
    CU_ASSERT_EQUAL(umask(022) & 0777, 022); /* as it was */
    close(fd);
    close_directory();
}

static void what_is_no_socket_is_kept(void)
{
    struct error err;
    open_directory();
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CU_ASSERT_EQUAL(listen_unix(path, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERROR_CONFLICT);
    CU_ASSERT_EQUAL(listen_unix("/nowhere/at/all", &err), -1);
    CU_ASSERT_EQUAL(err.code, ERROR_SYSTEM);
    CU_ASSERT_EQUAL(listen_unix("", &err), -1);
    CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    close_directory();
}

static void a_port_in_use_is_named(void)
{
    struct error err;
    char number[16];
    uint16_t port = 0;
    int fd = listen_tcp("localhost", 0, &port, &err);
    CU_ASSERT_TRUE(fd >= 0);
    CU_ASSERT_NOT_EQUAL(port, 0);
    CU_ASSERT_EQUAL(listen_tcp("127.0.0.1", port, NULL, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERROR_BUSY);
    snprintf(number, sizeof number, "port %u ", (unsigned)port);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, number));
    close(fd);
}

static void beyond_loopback_is_refused(void)
{
    static const char *const refused[] = {"0.0.0.0", "192.168.1.1", "::", "::ffff:1.2.3.4", "example.org", ""};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct error err;
        CU_ASSERT_EQUAL(listen_tcp(refused[i], 0, NULL, &err), -1);
        CU_ASSERT_EQUAL(err.code, ERROR_INVALID);
    }
}

static void only_own_names_are_hosts(void)
{
    static const char *const good[] = {"localhost:81", "LocalHost:81", "127.0.0.1:81", "127.1.2.3:81", "[::1]:81"};
    static const char *const bad[] = {"localhost",         "localhost:82",  "localhost:", "localhost:81x",
                                      "localhost:+81",     "::1:81",        "[::2]:81",   "127.0.0.1.example:81",
                                      "128.0.0.1:81",      "localhost.:81", ":81",        "",
                                      "localhost:81@evil", "[::1]81"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CU_ASSERT_TRUE(guard_host(good[i], 81));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CU_ASSERT_FALSE(guard_host(bad[i], 81));
    CU_ASSERT_FALSE(guard_host(NULL, 81));
    CU_ASSERT_TRUE(guard_host("localhost", 80));
    CU_ASSERT_TRUE(guard_origin(NULL, 81));
    CU_ASSERT_TRUE(guard_origin("http://localhost:81", 81));
    CU_ASSERT_FALSE(guard_origin("null", 81));
    CU_ASSERT_FALSE(guard_origin("https://localhost:81", 81));
    CU_ASSERT_FALSE(guard_origin("http://localhost:81/x", 81));
}

SUITE("web/listen", {"a living socket is left alone", a_living_socket_is_left_alone},
      {"a dead socket is replaced", a_dead_socket_is_replaced},
      {"what is no socket is kept", what_is_no_socket_is_kept}, {"a port in use is named", a_port_in_use_is_named},
      {"beyond loopback is refused", beyond_loopback_is_refused},
      {"only own names are hosts", only_own_names_are_hosts})
