/* SPDX-License-Identifier: Apache-2.0 */
/* Host and Origin allow-list. */
#include "daemon/web/guard.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

bool guard_is_loopback(const char *host)
{
    struct in_addr four;
    bool is_four = inet_pton(AF_INET, host, &four) == 1 && ntohl(four.s_addr) >> 24 == 127;
    return is_four || strcasecmp(host, "localhost") == 0 || text_equal(host, "::1") || text_equal(host, "[::1]");
}

bool guard_host(const char *host, uint16_t port)
{
    char name[64];
    if (host == NULL || !TEXT_COPY(name, host))
        return false;
    int64_t given = 80;
    char *colon = strrchr(name, ':');
    if (colon != NULL && strchr(colon, ']') == NULL) {
        *colon = '\0';
        if (!text_is_digits(colon + 1) || !text_to_int64(colon + 1, &given))
            return false;
    }
    return given == port && !text_equal(name, "::1") && guard_is_loopback(name);
}

bool guard_origin(const char *origin, uint16_t port)
{
    static const char scheme[] = "http://";
    if (origin == NULL)
        return true;
    return strncmp(origin, scheme, strlen(scheme)) == 0 && guard_host(origin + strlen(scheme), port);
}
