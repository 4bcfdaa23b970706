/* SPDX-License-Identifier: Apache-2.0 */
/* Binding scanners to lanes. */
#include "daemon/scanning.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/scanner.h"
#include "drivers/scanner_usb.h"

#include <stdlib.h>

struct binding {
    struct station *station;
    const struct config_scanner *config;
    struct scanner *scanner;
};

struct scanning {
    struct loop *loop;
    struct usb *usb; /* NULL: no scanner needs it, or this machine has no USB */
    struct scanner_profiles profiles;
    struct binding bindings[CONFIG_SCANNERS];
    size_t count;
};

static void scanned(void *context, const char *device, const struct scan *scan, bool was_buffered)
{
    (void)was_buffered;
    struct binding *binding = context;
    struct station_scan given = {.lane = binding->config->lane, .device = device, .bytes = scan->bytes,
                                 .length = scan->length, .total = scan->total, .aim = scan->aim};
    struct error err = {0};
    if (!station_submit(binding->station, &given, NULL, NULL, &err))
        log_write(LOG_ERR, "scanner %s: scan dropped: %s", device, err.message);
}

static void changed(void *context, const char *device, const char *state, const char *detail)
{
    (void)context;
    log_write(LOG_INFO, "scanner %s: %s (%s)", device, state, detail);
}

static struct scanner *attach_usb(struct scanning *scanning, struct scanner_options *options,
                                  const struct scanner_events *events, const char *port)
{
    options->port = text_equal(port, CONFIG_ANY) ? NULL : port;
    return scanner_usb_new(scanning->usb, scanning->loop, options, &scanning->profiles, events);
}

static bool is_replay(const struct config_scanner *config)
{
    return config->replay[0] != '\0';
}

static bool attach(struct scanning *scanning, struct binding *binding, struct error *err)
{
    const struct config_scanner *config = binding->config;
    struct scanner_options options = {.name = config->name, .replay = config->replay,
                                      .decoder = config_decoder_options(config)};
    struct scanner_events events = {.scan = scanned, .state = changed, .context = binding};
    if (is_replay(config))
        binding->scanner = scanner_replay_new(scanning->loop, &options, &events, err);
    else if (scanning->usb != NULL)
        binding->scanner = attach_usb(scanning, &options, &events, config->port);
    return binding->scanner != NULL || !is_replay(config) || error_prefix(err, "scanner %s", config->name);
}

/* A machine without USB is a station all the same: the page and replays work. */
static void start_usb(struct scanning *scanning)
{
    struct error err = {0};
    scanning->usb = usb_new(scanning->loop, &err);
    if (scanning->usb == NULL)
        log_write(LOG_WARNING, "no scanners on USB: %s", err.message);
}

static bool needs_usb(const struct config *config)
{
    for (size_t i = 0; i < config->scanner_count; i++)
        if (!is_replay(&config->scanners[i]))
            return true;
    return false;
}

static bool prepare(struct scanning *scanning, const struct config *config, struct error *err)
{
    char path[CONFIG_PATH_SIZE + 32];
    if (!needs_usb(config))
        return true;
    TEXT_FORMAT(path, "%s/scanners.conf", config->data_directory);
    if (!scanner_profiles_load(path, &scanning->profiles, err))
        return false;
    start_usb(scanning);
    return true;
}

struct scanning *scanning_new(struct loop *loop, const struct config *config, struct station *station,
                              struct error *err)
{
    struct scanning *scanning = memory_new(1, sizeof *scanning);
    scanning->loop = loop;
    if (!prepare(scanning, config, err))
        return scanning_free(scanning);
    for (; scanning->count < config->scanner_count; scanning->count++) {
        struct binding *binding = &scanning->bindings[scanning->count];
        *binding = (struct binding){.station = station, .config = &config->scanners[scanning->count]};
        if (!attach(scanning, binding, err))
            return scanning_free(scanning);
    }
    return scanning;
}

struct scanning *scanning_free(struct scanning *scanning)
{
    if (scanning == NULL)
        return NULL;
    for (size_t i = 0; i < scanning->count; i++)
        scanner_free(scanning->bindings[i].scanner);
    usb_free(scanning->usb);
    scanner_profiles_done(&scanning->profiles);
    free(scanning);
    return NULL;
}
