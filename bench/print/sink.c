/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/print/sink.h"

#include "tests/support/fake_printer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int output;

int64_t sink_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void tell(int64_t value)
{
    if (write(output, &value, sizeof value) != (ssize_t)sizeof value)
        exit(0); /* nobody measures any more */
}

static void on_label(void *context, const char *zpl, size_t length)
{
    (void)context, (void)zpl, (void)length;
    tell(sink_now());
}

static void serve_connection(struct fake_printer *printer, int fd)
{
    char bytes[65536];
    ssize_t n;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0) {
        struct buffer answers = BUFFER_EMPTY;
        fake_printer_receive(printer, bytes, (size_t)n, &answers);
        if (answers.length > 0)
            (void)send(fd, answers.data, answers.length, MSG_NOSIGNAL);
        buffer_done(&answers);
    }
    close(fd);
    fake_printer_hang_up(printer);
}

void sink_serve(int out, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof address;
    struct fake_printer printer;
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("sink");
        exit(1);
    }
    output = out;
    fake_printer_init(&printer, on_label, NULL);
    tell(ntohs(address.sin_port));
    for (;;)
        serve_connection(&printer, accept(listener, NULL, NULL));
}
