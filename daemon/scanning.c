/* SPDX-License-Identifier: Apache-2.0 */
/* Binding scanners to lanes, and what is known of each device. */
#include "daemon/scanning.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/rescue.h"
#include "daemon/store/records.h"
#include "drivers/scanner_usb.h"
#include "protocol/hid/calibration.h"

#include <stdlib.h>

#define DEVICE_SIZE 64

/* What is known of a device by its name. */
struct known {
    struct known *next;
    char device[DEVICE_SIZE];
    uint64_t scans;
    int64_t last_at;
    char last[VALUE_SIZE], aim[4];
    char misread[8];
    struct calibration calibration;
};

/* Devices that are there may be read by these. */
struct old_profiles {
    struct old_profiles *next;
    struct scanner_profiles profiles;
};

struct binding {
    struct scanning *scanning;
    const struct config_scanner *config;
    struct scanner *scanner;
};

struct scanning {
    struct loop *loop;
    const struct config *config;
    struct station *station;
    struct store *store;
    struct usb *usb; /* NULL: no scanner needs it, or this machine has no USB; it is the caller's */
    struct scanner_profiles profiles;
    struct old_profiles *old_profiles;
    struct known *known;
    struct scanning_tap tap;
    struct binding bindings[CONFIG_SCANNERS];
    size_t count;
};

static struct known *find_known(const struct scanning *scanning, const char *device)
{
    struct known *known = scanning->known;
    while (known != NULL && !text_equal(known->device, device))
        known = known->next;
    return known;
}

static struct known *know(struct scanning *scanning, const char *device)
{
    struct known *known = find_known(scanning, device);
    if (known == NULL) {
        known = memory_new(1, sizeof *known);
        TEXT_COPY(known->device, device);
        known->next = scanning->known;
        scanning->known = known;
    }
    return known;
}

/* ---- telling the ERP ---- */

struct telling {
    const char *device;
    char mode[KEY_SIZE];
};

static void take_mode(void *context, const struct scanner_status *status)
{
    struct telling *telling = context;
    if (text_equal(status->device, telling->device))
        TEXT_COPY(telling->mode, status->mode);
}

/* An event; what cannot be stored is told by the log alone. */
static void tell(struct binding *binding, enum event_type type, const char *device, const char *reason)
{
    struct telling telling = {.device = device};
    struct error err = {0};
    if (binding->scanner != NULL)
        scanner_list(binding->scanner, take_mode, &telling);
    struct station_notice notice = {.type = type, .lane = binding->config->lane, .device = device, .mode = telling.mode,
                                    .reason = reason};
    if (!station_notice(binding->scanning->station, &notice, &err))
        log_write(LOG_WARNING, "scanner %s: no event tells of it: %s", device, err.message);
}

/* ---- a scan ---- */

/* Whoever cannot look a code up knows nothing of it. */
static bool is_in_a_table(void *context, const struct candidate *candidates, size_t count)
{
    struct scanning *scanning = context;
    struct error err = {0};
    bool is_known = false;
    if (!records_is_known(scanning->store, candidates, count, &is_known, &err))
        log_write(LOG_ERR, "looking a code up: %s", err.message);
    return is_known;
}

static void note_misread(struct binding *binding, struct known *known, const char *layout)
{
    if (text_equal(known->misread, layout))
        return;
    log_write(LOG_WARNING, "scanner %s: it types layout %s; set layout = %s in section scanner %s", known->device,
              layout, layout, binding->config->name);
    TEXT_COPY(known->misread, layout);
    tell(binding, EVENT_SCANNER_MISREAD, known->device, layout);
}

/* A calibration card: from the next scan on the scanner is read as what it has shown to be. */
static bool calibrate(struct binding *binding, struct known *known, const struct scan *scan, struct scan *ret_scan)
{
    if (!calibration_take(&known->calibration, scan))
        return false;
    const char *layout = calibration_layout(&known->calibration, binding->config->layout);
    scanner_set_layout(binding->scanner, known->device, layout);
    if (text_equal(layout, binding->config->layout))
        known->misread[0] = '\0';
    else
        note_misread(binding, known, layout);
    return decoder_retype(scan->decoder, layout, ret_scan);
}

/* True if ret_scan is what the scan must have meant. */
static bool rescue(struct binding *binding, struct known *known, const struct scan *scan, struct scan *ret_scan)
{
    struct rescue_rules rules = {&binding->scanning->config->codes, is_in_a_table, binding->scanning};
    bool was_typed = decoder_retype(scan->decoder, binding->config->layout, ret_scan);
    if (!was_typed || rescue_is_proven(&rules, scan))
        return false;
    if (calibrate(binding, known, scan, ret_scan))
        return true;
    const char *layout = rescue_layout(&rules, scan, ret_scan);
    if (layout != NULL)
        note_misread(binding, known, layout);
    return layout != NULL;
}

static void remember(struct known *known, const struct scan *scan)
{
    known->scans++;
    known->last_at = clock_read().now;
    text_escape(known->last, sizeof known->last, scan->bytes, scan->length);
    TEXT_COPY(known->aim, scan->aim);
}

static void scanned(void *context, const char *device, const struct scan *scan, bool was_buffered)
{
    struct binding *binding = context;
    struct scanning *scanning = binding->scanning;
    struct known *known = know(scanning, device);
    struct error err = {0};
    struct scan other;
    if (scanning->tap.scan != NULL)
        scanning->tap.scan(scanning->tap.context, device, scan);
    bool is_rescued = rescue(binding, known, scan, &other);
    if (is_rescued)
        scan = &other;
    remember(known, scan);
    struct station_scan given = {.lane = binding->config->lane, .device = device, .bytes = scan->bytes,
                                 .length = scan->length, .total = scan->total, .aim = scan->aim,
                                 .is_doubtful = was_buffered || is_rescued};
    if (!station_submit(scanning->station, &given, NULL, NULL, &err))
        log_write(LOG_ERR, "scanner %s: scan dropped: %s", device, err.message);
}

static void reported(void *context, const char *device, const uint8_t *report, size_t length)
{
    struct binding *binding = context;
    const struct scanning_tap *tap = &binding->scanning->tap;
    if (tap->report != NULL)
        tap->report(tap->context, device, report, length);
}

static void changed(void *context, const char *device, const char *state, const char *detail)
{
    bool is_here = text_equal(state, "attached");
    log_write(LOG_INFO, "scanner %s: %s (%s)", device, state, detail);
    tell(context, is_here ? EVENT_SCANNER_ATTACHED : EVENT_SCANNER_DETACHED, device, detail);
}

void scanning_answered(struct scanning *scanning, const struct station_answer *answer)
{
    bool is_good = answer->signal == SIGNAL_OK || answer->signal == SIGNAL_INFO;
    if (answer->bounced)
        return; /* it has had its tone */
    for (size_t i = 0; i < scanning->count; i++)
        if (scanning->bindings[i].scanner != NULL &&
            scanner_beep(scanning->bindings[i].scanner, answer->device, is_good ? FEEDBACK_GOOD : FEEDBACK_ERROR))
            return;
}

/* ---- who is there ---- */

struct listing {
    const struct binding *binding;
    scanning_device_fn *fn;
    void *context;
};

static void list_one(void *context, const struct scanner_status *status)
{
    const struct listing *listing = context;
    const struct known *known = find_known(listing->binding->scanning, status->device);
    struct scanning_device device = {.status = status, .lane = listing->binding->config->lane, .last = "", .aim = "",
                                     .misread = ""};
    if (known != NULL) {
        device.scans = known->scans;
        device.last_at = known->last_at;
        device.last = known->last;
        device.aim = known->aim;
        device.misread = known->misread;
    }
    listing->fn(listing->context, &device);
}

void scanning_list(const struct scanning *scanning, scanning_device_fn *fn, void *context)
{
    for (size_t i = 0; i < scanning->count; i++) {
        struct listing listing = {&scanning->bindings[i], fn, context};
        if (listing.binding->scanner != NULL)
            scanner_list(listing.binding->scanner, list_one, &listing);
    }
}

bool scanning_head(struct scanning *scanning, const char *device, struct buffer *target)
{
    for (size_t i = 0; i < scanning->count; i++)
        if (scanning->bindings[i].scanner != NULL && scanner_head(scanning->bindings[i].scanner, device, target))
            return true;
    return false;
}

void scanning_set_tap(struct scanning *scanning, const struct scanning_tap *tap)
{
    scanning->tap = *tap;
}

/* ---- attaching ---- */

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
    struct scanner_events events = {.scan = scanned, .state = changed, .report = reported, .context = binding};
    if (is_replay(config))
        binding->scanner = scanner_replay_new(scanning->loop, &options, &events, err);
    else if (scanning->usb != NULL)
        binding->scanner = attach_usb(scanning, &options, &events, config->port);
    return binding->scanner != NULL || !is_replay(config) || error_prefix(err, "scanner %s", config->name);
}

static bool needs_profiles(const struct config *config)
{
    for (size_t i = 0; i < config->scanner_count; i++)
        if (!is_replay(&config->scanners[i]))
            return true;
    return false;
}

struct scanning *scanning_new(struct loop *loop, struct usb *usb, const struct config *config, struct station *station,
                              struct store *store)
{
    struct scanning *scanning = memory_new(1, sizeof *scanning);
    scanning->loop = loop;
    scanning->usb = usb;
    scanning->config = config;
    scanning->station = station;
    scanning->store = store;
    return scanning;
}

static bool load_profiles(const struct scanning *scanning, struct scanner_profiles *ret_profiles, struct error *err)
{
    char path[CONFIG_PATH_SIZE + 32];
    TEXT_FORMAT(path, "%s/scanners.conf", scanning->config->data_directory);
    return scanner_profiles_load(path, ret_profiles, err);
}

void scanning_reload(struct scanning *scanning)
{
    struct error err = {0};
    struct scanner_profiles profiles;
    if (!needs_profiles(scanning->config))
        return;
    if (!load_profiles(scanning, &profiles, &err)) {
        log_write(LOG_ERR, "reload: the known scanners stay as they were: %s", err.message);
        return;
    }
    struct old_profiles *old = memory_new(1, sizeof *old);
    *old = (struct old_profiles){scanning->old_profiles, scanning->profiles};
    scanning->old_profiles = old;
    scanning->profiles = profiles;
}

bool scanning_start(struct scanning *scanning, struct error *err)
{
    const struct config *config = scanning->config;
    if (needs_profiles(config) && !load_profiles(scanning, &scanning->profiles, err))
        return false;
    for (; scanning->count < config->scanner_count; scanning->count++) {
        struct binding *binding = &scanning->bindings[scanning->count];
        *binding = (struct binding){.scanning = scanning, .config = &config->scanners[scanning->count]};
        if (!attach(scanning, binding, err))
            return false;
    }
    return true;
}

void scanning_stop(struct scanning *scanning)
{
    while (scanning->count > 0)
        scanner_free(scanning->bindings[--scanning->count].scanner);
}

struct scanning *scanning_free(struct scanning *scanning)
{
    if (scanning == NULL)
        return NULL;
    scanning_stop(scanning);
    while (scanning->known != NULL) {
        struct known *known = scanning->known;
        scanning->known = known->next;
        free(known);
    }
    while (scanning->old_profiles != NULL) {
        struct old_profiles *old = scanning->old_profiles;
        scanning->old_profiles = old->next;
        scanner_profiles_done(&old->profiles);
        free(old);
    }
    scanner_profiles_done(&scanning->profiles);
    free(scanning);
    return NULL;
}
