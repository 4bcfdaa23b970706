/* SPDX-License-Identifier: Apache-2.0 */
/* fake_printer PORT DIRECTORY [--fault NAME]…: on 127.0.0.1, one connection at a time like a real printer.
   Writes each label that comes out to DIRECTORY/NNNNNN.zpl and takes control commands on stdin (fake_printer.h), and
   two of its own: "stop-at N" reads N bytes more, says "stopped" and reads no further until "go" or "hang-up". */
#include "base/text.h"
#include "tests/support/fake_printer.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct server {
    struct fake_printer printer;
    const char *directory;
    int listener;
    int connection; /* -1: none */
    int control;    /* -1: closed */
    int64_t stop_at; /* bytes taken in at which it stops reading; -1 never */
    bool is_stopped;
    struct buffer lines;
};

static void fail(const char *what)
{
    fprintf(stderr, "fake_printer: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void say(const char *text)
{
    if (fputs(text, stdout) < 0 || fflush(stdout) != 0)
        exit(0); /* nobody listens any more */
}

static void write_label(void *context, const char *zpl, size_t length)
{
    const struct server *server = context;
    char temporary[4096], path[4096], line[64];
    snprintf(temporary, sizeof temporary, "%s/.label.tmp", server->directory);
    snprintf(path, sizeof path, "%s/%06" PRId64 ".zpl", server->directory, server->printer.counter);
    FILE *file = fopen(temporary, "w");
    if (file == NULL || fwrite(zpl, 1, length, file) != length || fclose(file) != 0 || rename(temporary, path) != 0)
        fail(path);
    snprintf(line, sizeof line, "label %" PRId64 "\n", server->printer.counter);
    say(line);
}

/* The counter of a printer's life goes on behind the labels that are there. */
static int64_t highest_label(const char *directory)
{
    DIR *list = opendir(directory);
    int64_t highest = 0;
    if (list == NULL)
        fail(directory);
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        int64_t number = 0;
        if (sscanf(entry->d_name, "%" SCNd64 ".zpl", &number) == 1 && number > highest)
            highest = number;
    }
    closedir(list);
    return highest;
}

static int open_listener(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(port, NULL, 10))};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 4) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        fail("listen");
    char line[64];
    snprintf(line, sizeof line, "listening %u\n", (unsigned)ntohs(address.sin_port));
    say(line);
    return fd;
}

static void close_connection(struct server *server, bool reset)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (reset)
        (void)setsockopt(server->connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(server->connection);
    server->connection = -1;
    say(reset ? "reset\n" : "closed\n");
}

static void on_connection(struct server *server)
{
    char bytes[4096];
    struct buffer answers = BUFFER_EMPTY;
    int64_t left = server->stop_at < 0 ? (int64_t)sizeof bytes : server->stop_at - server->printer.received;
    ssize_t n = recv(server->connection, bytes, left < (int64_t)sizeof bytes ? (size_t)left : sizeof bytes, 0);
    if (n <= 0) {
        fake_printer_hang_up(&server->printer);
        close_connection(server, false);
        return;
    }
    bool goes_on = fake_printer_receive(&server->printer, bytes, (size_t)n, &answers);
    if (answers.length != 0)
        (void)!send(server->connection, answers.data, answers.length, MSG_NOSIGNAL);
    if (!goes_on)
        close_connection(server, true);
    buffer_done(&answers);
    server->is_stopped = server->printer.received == server->stop_at;
    if (server->is_stopped)
        say("stopped\n");
}

/* True if the line was a command about the connection. */
static bool command_connection(struct server *server, const char *line)
{
    int64_t bytes = 0;
    bool is_go = text_equal(line, "go"), is_hang_up = text_equal(line, "hang-up");
    if (is_hang_up && server->connection >= 0) {
        fake_printer_hang_up(&server->printer);
        close_connection(server, true);
    }
    if (is_go || is_hang_up) {
        server->is_stopped = false;
        server->stop_at = -1;
    } else if (strncmp(line, "stop-at ", 8) == 0 && text_to_int64(line + 8, &bytes) && bytes > 0) {
        server->stop_at = server->printer.received + bytes;
    } else {
        return false;
    }
    say("ok\n");
    return true;
}

static void on_control(struct server *server)
{
    char bytes[512];
    ssize_t n = read(server->control, bytes, sizeof bytes);
    if (n <= 0) {
        server->control = -1;
        return;
    }
    buffer_append(&server->lines, bytes, (size_t)n);
    for (char *end = strchr(server->lines.data, '\n'); end != NULL; end = strchr(server->lines.data, '\n')) {
        struct buffer answer = BUFFER_EMPTY;
        *end = '\0';
        if (!command_connection(server, server->lines.data)) {
            fake_printer_command(&server->printer, server->lines.data, &answer);
            say(answer.data);
        }
        buffer_done(&answer);
        buffer_consume(&server->lines, (size_t)(end - server->lines.data) + 1);
    }
}

/* The next connection is accepted only when the last one was read to its end. */
static void serve(struct server *server)
{
    for (;;) {
        bool connected = server->connection >= 0;
        struct pollfd fds[] = {{.fd = server->control, .events = POLLIN},
                               {.fd = connected ? server->connection : server->listener, .events = POLLIN}};
        if (poll(fds, server->is_stopped ? 1 : 2, -1) < 0 && errno != EINTR)
            fail("poll");
        bool is_ready = !server->is_stopped && fds[1].revents != 0;
        if (fds[0].revents != 0) { /* which may change the connection: look again */
            on_control(server);
            continue;
        }
        if (is_ready && connected)
            on_connection(server);
        if (is_ready && !connected) {
            server->connection = accept(server->listener, NULL, NULL);
            say("connected\n");
        }
    }
}

static void set_fault(struct server *server, const char *name)
{
    char command[64];
    struct buffer answer = BUFFER_EMPTY;
    snprintf(command, sizeof command, "fault %s", name);
    fake_printer_command(&server->printer, command, &answer);
    bool known = strncmp(buffer_text(&answer), "ok", 2) == 0;
    buffer_done(&answer);
    if (!known) {
        fprintf(stderr, "fake_printer: no such fault: %s\n", name);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct server server = {.connection = -1, .control = STDIN_FILENO, .stop_at = -1};
    if (argc < 3 || !text_is_digits(argv[1])) {
        fprintf(stderr, "usage: fake_printer PORT DIRECTORY [--fault NAME]...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    server.directory = argv[2];
    if (mkdir(server.directory, 0750) != 0 && errno != EEXIST)
        fail(server.directory);
    fake_printer_init(&server.printer, write_label, &server);
    server.printer.counter = highest_label(server.directory);
    for (int i = 3; i + 1 < argc; i += 2)
        if (text_equal(argv[i], "--fault"))
            set_fault(&server, argv[i + 1]);
    server.listener = open_listener(argv[1]);
    serve(&server);
}
