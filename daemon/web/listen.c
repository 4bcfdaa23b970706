/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets: a Unix socket that replaces a dead one, and loopback TCP. */
#include "daemon/web/listen.h"

#include "base/text.h"
#include "daemon/web/guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    struct sockaddr_un local;
};

static int open_socket(int family, struct error *err)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        error_system(err, "cannot make a socket");
    return fd;
}

static int give_up(int fd)
{
    close(fd);
    return -1;
}

/* A full backlog (EAGAIN) is an answer too: somebody listens there. */
static bool somebody_answers(const union address *address)
{
    int fd = open_socket(AF_UNIX, NULL);
    if (fd < 0)
        return false;
    bool answers = connect(fd, &address->any, sizeof address->local) == 0 || errno == EAGAIN;
    close(fd);
    return answers;
}

static bool clear_path(const union address *address, struct error *err)
{
    const char *path = address->local.sun_path;
    struct stat there;
    if (lstat(path, &there) != 0)
        return errno == ENOENT || error_system(err, "%s", path);
    if (!S_ISSOCK(there.st_mode))
        return error_set(err, ERROR_CONFLICT, "%s is there and is not a socket", path);
    if (somebody_answers(address))
        return error_set(err, ERROR_BUSY, "%s is in use: another daemon answers on it", path);
    return unlink(path) == 0 || error_system(err, "cannot remove the stale socket %s", path);
}

static bool bind_unix(int fd, const union address *address, struct error *err)
{
    mode_t old = umask(0117); /* so that the socket is 0660 from its first moment */
    int r = bind(fd, &address->any, sizeof address->local);
    int saved = errno;
    umask(old);
    errno = saved;
    if (r != 0 || listen(fd, BACKLOG) != 0)
        return error_system(err, "cannot listen on %s", address->local.sun_path);
    return true;
}

int listen_unix(const char *path, struct error *err)
{
    union address address = {.local.sun_family = AF_UNIX};
    if (path[0] == '\0' || !TEXT_COPY(address.local.sun_path, path)) {
        error_set(err, ERROR_INVALID, "socket path has to be 1 to %zu bytes", sizeof address.local.sun_path - 1);
        return -1;
    }
    if (!clear_path(&address, err))
        return -1;
    int fd = open_socket(AF_UNIX, err);
    return fd < 0 || bind_unix(fd, &address, err) ? fd : give_up(fd);
}

static socklen_t loopback_address(const char *host, uint16_t port, union address *address)
{
    if (strchr(host, ':') != NULL) {
        address->six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
        address->six.sin6_addr = in6addr_loopback;
        return sizeof address->six;
    }
    address->four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, host, &address->four.sin_addr) != 1)
        address->four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof address->four;
}

static bool bind_tcp(int fd, const union address *address, socklen_t size, struct error *err)
{
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address->any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    uint16_t port = ntohs(address->four.sin_port); /* same place in both families */
    if (bind(fd, &address->any, size) == 0 && listen(fd, BACKLOG) == 0)
        return true;
    if (errno == EADDRINUSE)
        return error_set(err, ERROR_BUSY, "port %u is in use by another program", (unsigned)port);
    return error_system(err, "cannot listen on port %u", (unsigned)port);
}

static uint16_t bound_port(int fd)
{
    union address address = {0};
    socklen_t size = sizeof address;
    getsockname(fd, &address.any, &size);
    return ntohs(address.four.sin_port);
}

int listen_tcp(const char *host, uint16_t port, uint16_t *ret_port, struct error *err)
{
    if (!guard_is_loopback(host)) {
        error_set(err, ERROR_INVALID, "\"%s\" is not a loopback address: use localhost, 127.0.0.1 or ::1", host);
        return -1;
    }
    union address address = {0};
    socklen_t size = loopback_address(host, port, &address);
    int fd = open_socket(address.any.sa_family, err);
    if (fd < 0)
        return -1;
    if (!bind_tcp(fd, &address, size, err))
        return give_up(fd);
    if (ret_port != NULL)
        *ret_port = bound_port(fd);
    return fd;
}
