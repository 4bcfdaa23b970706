/* SPDX-License-Identifier: Apache-2.0 */
/* A blocking HTTP client on raw sockets: what a hostile or slow client does, a library would not. */
#include "tests/support/http.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const void *address, socklen_t size, int family)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval deadline = {.tv_sec = HTTP_DEADLINE_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    CU_ASSERT_EQUAL(connect(fd, address, size), 0);
    return fd;
}

int http_connect_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return connect_to(&address, sizeof address, AF_UNIX);
}

int http_connect_tcp(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect_to(&address, sizeof address, AF_INET);
}

void http_send(int fd, const void *bytes, size_t length)
{
    const char *p = bytes;
    while (length > 0) {
        ssize_t sent = send(fd, p, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        p += sent;
        length -= (size_t)sent;
    }
}

void http_send_text(int fd, const char *text)
{
    http_send(fd, text, strlen(text));
}

bool http_receive_more(int fd, struct buffer *got)
{
    char piece[65536];
    ssize_t length = recv(fd, piece, sizeof piece, 0);
    if (length > 0)
        buffer_append(got, piece, (size_t)length);
    return length > 0;
}

void http_receive_all(int fd, struct buffer *got)
{
    while (http_receive_more(fd, got))
        continue;
    close(fd);
}

void http_receive_until(int fd, struct buffer *got, const char *text)
{
    while (strstr(buffer_text(got), text) == NULL && http_receive_more(fd, got))
        continue;
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(got), text));
}

bool http_exchange(int fd, const char *head, const char *body, const char *status, const char *inside)
{
    struct buffer got = BUFFER_EMPTY, request = BUFFER_EMPTY;
    buffer_append_format(&request, "%s\r\nConnection: close\r\n\r\n%s", head, body);
    http_send(fd, request.data, request.length);
    http_receive_all(fd, &got);
    bool good = strncmp(buffer_text(&got), status, strlen(status)) == 0 && strstr(buffer_text(&got), inside) != NULL;
    if (!good)
        printf("\n  %s\n  gave: %s\n", head, buffer_text(&got));
    buffer_done(&got);
    buffer_done(&request);
    return good;
}

bool http_get(const char *socket, const char *path, const char *status, const char *inside)
{
    char head[512];
    snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: station", path);
    return http_exchange(http_connect_unix(socket), head, "", status, inside);
}

int http_open_get(const char *socket, const char *path)
{
    char head[256];
    int fd = http_connect_unix(socket);
    snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: s\r\n\r\n", path);
    http_send_text(fd, head);
    return fd;
}

void http_post_sized(const char *socket, const char *path, size_t length, const char *status, const char *inside)
{
    char head[256];
    CLEANUP(memory_free_at) char *body = memory_new(length + 1, 1);
    memset(body, 'b', length);
    snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: s\r\nContent-Length: %zu", path, length);
    CU_ASSERT_TRUE(http_exchange(http_connect_unix(socket), head, body, status, inside));
}

static void send_chunks(int fd, size_t length)
{
    char piece[1000];
    memset(piece, 'b', sizeof piece);
    for (size_t sent = 0; sent < length; sent += sizeof piece) {
        http_send_text(fd, "3e8\r\n");
        http_send(fd, piece, sizeof piece);
        http_send_text(fd, "\r\n");
    }
    http_send_text(fd, "0\r\n\r\n");
}

void http_post_chunked(const char *socket, const char *path, size_t length, const char *status, const char *inside)
{
    struct buffer got = BUFFER_EMPTY;
    char head[256];
    int fd = http_connect_unix(socket);
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: s\r\nConnection: close\r\n\r\n", path);
    http_send_text(fd, head);
    send_chunks(fd, length);
    http_receive_all(fd, &got);
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&got), status));
    CU_ASSERT_PTR_NOT_NULL(strstr(buffer_text(&got), inside));
    buffer_done(&got);
}

void http_get_until(const char *socket, const char *path, const char *text)
{
    struct buffer got = BUFFER_EMPTY;
    char head[256];
    snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n", path);
    while (strstr(buffer_text(&got), text) == NULL) {
        buffer_clear(&got);
        int fd = http_connect_unix(socket);
        http_send_text(fd, head);
        http_receive_all(fd, &got);
    }
    buffer_done(&got);
}
