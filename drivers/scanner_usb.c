/* SPDX-License-Identifier: Apache-2.0 */
/* A configured scanner on USB: which devices are its own, and with what right. */
#include "drivers/scanner_usb.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/scanner_usb_private.h"

#include <stdlib.h>

enum rank { RANK_PORT, RANK_ANY };

struct usb_scanner {
    struct scanner scanner; /* first; its decoder is not used, each device has its own */
    struct usb *usb;
    struct loop *loop;
    struct usb_watch *watch;
    const struct scanner_profiles *profiles;
    char port[USB_PORT_SIZE]; /* "" = any */
    struct reader *readers;
};

/* What a kind of scanners.conf may be taken for, or which mode it is in that we do not speak. */
static const struct {
    enum reader_right right;
    enum scanner_mode wrong_mode;
} kinds[PROFILE_KIND_COUNT] = {
    [PROFILE_POS] = {.right = RIGHT_POS},
    [PROFILE_KEYBOARD] = {.right = RIGHT_ALL},
    [PROFILE_SERIAL] = {RIGHT_NONE, SCANNER_SERIAL},
    [PROFILE_SNAPI] = {RIGHT_NONE, SCANNER_SNAPI},
    [PROFILE_IBM] = {RIGHT_NONE, SCANNER_IBM},
    [PROFILE_OTHER] = {RIGHT_NONE, SCANNER_OTHER},
};

static enum reader_right right_of(const struct usb_scanner *owner, const struct scanner_profile *profile)
{
    if (owner->port[0] != '\0')
        return RIGHT_ALL;
    return profile != NULL ? kinds[profile->kind].right : RIGHT_KNOWN_POS;
}

static bool has_class(libusb_device *device, uint8_t wanted)
{
    struct libusb_config_descriptor *config = NULL;
    bool found = false;
    if (libusb_get_active_config_descriptor(device, &config) != 0)
        return false;
    for (int i = 0; i < config->bNumInterfaces && !found; i++)
        found = config->interface[i].num_altsetting > 0 &&
                config->interface[i].altsetting[0].bInterfaceClass == wanted;
    libusb_free_config_descriptor(config);
    return found;
}

/* What the configuration leaves open, the profile says. */
static struct decoder_options decoder_options_of(const struct scanner *scanner, const struct scanner_profile *profile)
{
    struct decoder_options options = scanner->options;
    if (profile == NULL)
        return options;
    if (profile->layout[0] != '\0' && (options.layout == NULL || text_equal(options.layout, "us")))
        options.layout = profile->layout;
    const struct {
        const char **option;
        const char *said;
    } texts[] = {{&options.prefix, profile->prefix}, {&options.suffix_text, profile->suffix_text},
                 {&options.gs_text, profile->gs_text}};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].said[0] != '\0' && (*texts[i].option == NULL || (*texts[i].option)[0] == '\0'))
            *texts[i].option = texts[i].said;
    options.suffix_usage = options.suffix_usage != 0 ? options.suffix_usage : profile->suffix_usage;
    options.gs_usage = options.gs_usage != 0 ? options.gs_usage : profile->gs_usage;
    options.strip_aim |= profile->strip_aim;
    return options;
}

static struct reader *add_reader(struct usb_scanner *owner, libusb_device *device, const char *port,
                                 const struct libusb_device_descriptor *ids)
{
    char name[200];
    if (owner->port[0] != '\0')
        TEXT_COPY(name, owner->scanner.name);
    else
        TEXT_FORMAT(name, "%.20s@%s", owner->scanner.name, port); /* names in events are short; the port tells apart */
    const struct scanner_profile *profile = scanner_profiles_find(owner->profiles, ids->idVendor, ids->idProduct);
    struct scanner_options options = {.name = name, .decoder = decoder_options_of(&owner->scanner, profile)};
    struct reader *reader = reader_new(owner, owner->usb, owner->loop, &options, &owner->scanner.events);
    reader->device = libusb_ref_device(device);
    TEXT_COPY(reader->port, port);
    reader->ids = *ids;
    reader->profile = profile;
    reader->right = right_of(owner, profile);
    reader->next = owner->readers;
    owner->readers = reader;
    return reader;
}

/* True if it is a scanner, or may be one; *ret_wrong_mode says in which mode that we do not speak. */
static bool is_ours(const struct usb_scanner *owner, libusb_device *device, const struct scanner_profile *profile,
                    enum scanner_mode *ret_wrong_mode)
{
    *ret_wrong_mode = SCANNER_UNKNOWN;
    if (right_of(owner, profile) == RIGHT_NONE)
        *ret_wrong_mode = kinds[profile->kind].wrong_mode;
    else if (profile != NULL && !has_class(device, LIBUSB_CLASS_HID) && has_class(device, LIBUSB_CLASS_COMM))
        *ret_wrong_mode = SCANNER_SERIAL;
    return *ret_wrong_mode != SCANNER_UNKNOWN || has_class(device, LIBUSB_CLASS_HID);
}

static bool offered(void *context, libusb_device *device, const char *port)
{
    struct usb_scanner *owner = context;
    struct libusb_device_descriptor ids;
    enum scanner_mode wrong_mode;
    bool is_mine = owner->port[0] == '\0' || text_equal(owner->port, port);
    if (!is_mine || libusb_get_device_descriptor(device, &ids) != 0)
        return false;
    const struct scanner_profile *profile = scanner_profiles_find(owner->profiles, ids.idVendor, ids.idProduct);
    if (!is_ours(owner, device, profile, &wrong_mode))
        return false;
    struct reader *reader = add_reader(owner, device, port, &ids);
    if (wrong_mode == SCANNER_UNKNOWN)
        return true;
    reader->right = RIGHT_NONE;
    reader->wrong_mode = wrong_mode;
    log_write(LOG_WARNING, "scanner on port %s: %s (%s mode is not read). %s", port, profile->name,
              scanner_modes[wrong_mode], profile->advice);
    return true;
}

static void left(void *context, libusb_device *device)
{
    struct usb_scanner *owner = context;
    for (struct reader *reader = owner->readers, *next; reader != NULL; reader = next) {
        next = reader->next;
        if (reader->device == device)
            reader_leave(reader);
    }
}

void usb_scanner_forget(struct usb_scanner *owner, struct reader *reader)
{
    struct reader **at = &owner->readers;
    while (*at != reader)
        at = &(*at)->next;
    *at = reader->next;
}

static void close_usb(struct scanner *scanner)
{
    struct usb_scanner *owner = (struct usb_scanner *)scanner;
    usb_watch_free(owner->watch);
    while (owner->readers != NULL)
        scanner_free(&owner->readers->scanner);
}

static struct scanner *next_device(const struct scanner *scanner, const struct scanner *previous)
{
    const struct usb_scanner *owner = (const struct usb_scanner *)scanner;
    struct reader *reader = previous == NULL ? owner->readers : ((const struct reader *)previous)->next;
    while (reader != NULL && !reader_is_worth_telling(reader))
        reader = reader->next;
    return reader != NULL ? &reader->scanner : NULL;
}

static const struct scanner_driver driver = {.close = close_usb, .next = next_device};

struct scanner *scanner_usb_new(struct usb *usb, struct loop *loop, const struct scanner_options *options,
                                const struct scanner_profiles *profiles, const struct scanner_events *events)
{
    struct usb_scanner *owner = memory_new(1, sizeof *owner);
    struct usb_watch_events watch_events = {.offered = offered, .left = left, .context = owner};
    scanner_init(&owner->scanner, loop, options, events, &driver);
    owner->usb = usb;
    owner->loop = loop;
    owner->profiles = profiles;
    if (options->port != NULL)
        TEXT_COPY(owner->port, options->port);
    owner->watch = usb_watch_new(usb, owner->port[0] != '\0' ? RANK_PORT : RANK_ANY, &watch_events);
    return &owner->scanner;
}
