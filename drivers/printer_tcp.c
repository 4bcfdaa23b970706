/* SPDX-License-Identifier: Apache-2.0 */
/* Printers on raw TCP (port 9100): one kept-open connection, so that no handshake stands in front of a label. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/printer_dialog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 3000
#define PROVEN_MS 3000    /* a connection that lived this long was a good one: the back-off begins anew */
#define UNACKNOWLEDGED_MS 15000

enum link { LINK_OFF, LINK_CONNECTING, LINK_UP };

struct tcp_printer {
    struct printer face; /* first: a struct printer * is a struct tcp_printer * */
    struct sockaddr_storage address;
    socklen_t address_size;
    enum link link;
    int fd;
    struct loop_source *io;
    struct loop_source *attempt; /* timer: while off the next attempt, while connecting its end */
    struct loop_source *flush;   /* work: label and query queued in one turn leave in one write */
    unsigned attempts;
    int64_t up_since;
    struct printer_dialog dialog;
};

static struct tcp_printer *tcp_of(struct printer *printer)
{
    return (struct tcp_printer *)printer;
}

/* --- place: "address:port", "[IPv6]:port", "localhost:port"; the port is 9100 unless given --- */

static bool split_place(const char *place, char *host, size_t host_size, char *port, size_t port_size)
{
    bool bracketed = place[0] == '[';
    const char *end = bracketed ? strchr(place, ']') : place + strcspn(place, ":");
    if (end == NULL)
        return false;
    const char *start = place + (bracketed ? 1 : 0);
    const char *rest = end + (bracketed ? 1 : 0);
    bool fits = text_copy_bytes(host, host_size, start, (size_t)(end - start));
    int64_t number = 0;
    if (!fits || host[0] == '\0' || (rest[0] != '\0' && rest[0] != ':'))
        return false;
    return text_copy(port, port_size, rest[0] == ':' ? rest + 1 : "9100") && text_is_digits(port) &&
           text_to_int64(port, &number) && number > 0 && number <= UINT16_MAX;
}

static bool resolve(struct tcp_printer *tcp, const char *place, struct error *err)
{
    char host[64], port[8];
    if (!split_place(place, host, sizeof host, port, sizeof port))
        return error_set(err, ERROR_INVALID, "\"tcp://%s\" is not tcp://address:port", place);
    const char *numeric = text_equal(host, "localhost") ? "127.0.0.1" : host;
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(numeric, port, &hints, &found) != 0)
        return error_set(err, ERROR_INVALID, "\"%s\" is not an IP address (names are not looked up)", host);
    memcpy(&tcp->address, found->ai_addr, found->ai_addrlen);
    tcp->address_size = found->ai_addrlen;
    bool six = found->ai_family == AF_INET6;
    snprintf(tcp->face.identity, sizeof tcp->face.identity, six ? "tcp://[%s]:%s" : "tcp://%s:%s", numeric, port);
    freeaddrinfo(found);
    return true;
}

/* --- the connection --- */

static void disconnect(struct tcp_printer *tcp)
{
    tcp->io = loop_remove(tcp->io);
    if (tcp->fd >= 0)
        close(tcp->fd);
    tcp->fd = -1;
    tcp->link = LINK_OFF;
    dialog_reset(&tcp->dialog);
}

/* Last in its handler: the owner may close the printer in the event. */
static void lose(struct tcp_printer *tcp, const char *reason)
{
    int64_t tick = clock_read().tick;
    if (tcp->link == LINK_UP && (tcp->dialog.heard || tick - tcp->up_since >= PROVEN_MS))
        tcp->attempts = 0;
    disconnect(tcp);
    loop_set_timer(tcp->attempt, tick + printer_backoff_ms(tcp->attempts++));
    printer_tell_down(&tcp->face, reason);
}

static void watch(struct tcp_printer *tcp)
{
    loop_set_io(tcp->io, EPOLLIN | (tcp->dialog.output.length != 0 ? (uint32_t)EPOLLOUT : 0));
}

static void finish_connect(struct tcp_printer *tcp)
{
    int failure = 0;
    socklen_t size = sizeof failure;
    if (getsockopt(tcp->fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
        failure = errno;
    if (failure != 0) {
        lose(tcp, strerror(failure));
        return;
    }
    tcp->link = LINK_UP;
    tcp->up_since = clock_read().tick;
    loop_set_timer(tcp->attempt, INT64_MAX);
    watch(tcp);
    printer_tell_up(&tcp->face);
}

/* --- writing --- */

static bool write_some(struct tcp_printer *tcp)
{
    ssize_t n = send(tcp->fd, tcp->dialog.output.data, tcp->dialog.output.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    dialog_written(&tcp->dialog, (size_t)n);
    return true;
}

static void on_flush(void *context)
{
    struct tcp_printer *tcp = context;
    if (tcp->link != LINK_UP || tcp->dialog.output.length == 0)
        return;
    if (!write_some(tcp)) {
        lose(tcp, strerror(errno));
        return;
    }
    watch(tcp);
}

static void on_readable(struct tcp_printer *tcp)
{
    char bytes[1024];
    ssize_t n = recv(tcp->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        lose(tcp, n == 0 ? "the printer closed the connection" : strerror(errno));
        return;
    }
    dialog_received(&tcp->dialog, bytes, (size_t)n);
}

static void on_io(void *context, int fd, uint32_t events)
{
    (void)fd;
    struct tcp_printer *tcp = context;
    if (tcp->link == LINK_CONNECTING)
        finish_connect(tcp);
    else if ((events & EPOLLOUT) != 0 && tcp->dialog.output.length != 0)
        on_flush(tcp);
    else
        on_readable(tcp);
}

/* --- connecting --- */

static void set_option(int fd, int level, int option, int value)
{
    (void)setsockopt(fd, level, option, &value, sizeof value); /* without it faults are only seen later */
}

static int open_socket(const struct tcp_printer *tcp)
{
    int fd = socket(tcp->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS);
    return fd;
}

static void on_attempt(void *context)
{
    struct tcp_printer *tcp = context;
    if (tcp->link == LINK_CONNECTING) {
        lose(tcp, "no answer to the connection");
        return;
    }
    tcp->fd = open_socket(tcp);
    if (tcp->fd < 0 ||
        (connect(tcp->fd, (const struct sockaddr *)&tcp->address, tcp->address_size) != 0 && errno != EINPROGRESS)) {
        lose(tcp, strerror(errno));
        return;
    }
    tcp->link = LINK_CONNECTING;
    tcp->io = loop_add_io(tcp->face.loop, "printer io", LOOP_NORMAL, tcp->fd, EPOLLOUT, on_io, tcp);
    loop_set_timer(tcp->attempt, clock_read().tick + CONNECT_LIMIT_MS);
}

/* --- the driver --- */

static struct printer *open_tcp(const char *place, struct error *err)
{
    struct tcp_printer *tcp = memory_new(1, sizeof *tcp);
    tcp->fd = -1;
    if (resolve(tcp, place, err))
        return &tcp->face;
    free(tcp);
    return NULL;
}

static void start_tcp(struct printer *printer)
{
    struct tcp_printer *tcp = tcp_of(printer);
    struct loop *loop = printer->loop;
    tcp->attempt = loop_add_timer(loop, "printer connect", LOOP_NORMAL, on_attempt, tcp);
    tcp->flush = loop_add_work(loop, "printer write", LOOP_NORMAL, on_flush, tcp);
    dialog_start(&tcp->dialog, printer);
    loop_set_timer(tcp->attempt, clock_read().tick);
}

static void close_tcp(struct printer *printer)
{
    struct tcp_printer *tcp = tcp_of(printer);
    disconnect(tcp);
    loop_remove(tcp->attempt);
    loop_remove(tcp->flush);
    dialog_done(&tcp->dialog);
    free(tcp);
}

static bool send_tcp(struct printer *printer, const void *bytes, size_t length, struct error *err)
{
    struct tcp_printer *tcp = tcp_of(printer);
    if (tcp->link != LINK_UP)
        return error_set(err, ERROR_BUSY, "not connected");
    loop_post(tcp->flush);
    return dialog_send(&tcp->dialog, bytes, length, err);
}

static bool query_tcp(struct printer *printer, struct error *err)
{
    struct tcp_printer *tcp = tcp_of(printer);
    if (tcp->link != LINK_UP)
        return error_set(err, ERROR_BUSY, "not connected");
    loop_post(tcp->flush);
    return dialog_query(&tcp->dialog, err);
}

const struct printer_driver printer_tcp = {
    .scheme = "tcp://",
    .open = open_tcp,
    .start = start_tcp,
    .close = close_tcp,
    .send = send_tcp,
    .query = query_tcp,
};
