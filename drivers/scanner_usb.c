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

static enum reader_right right_of(const struct usb_scanner *owner, const struct scanner_profile *profile)
{
    static const enum reader_right rights[] = {
        [PROFILE_POS] = RIGHT_POS, [PROFILE_KEYBOARD] = RIGHT_ALL, [PROFILE_OTHER] = RIGHT_NONE};
    if (owner->port[0] != '\0')
        return RIGHT_ALL;
    return profile != NULL ? rights[profile->kind] : RIGHT_KNOWN_POS;
}

static bool is_hid(libusb_device *device)
{
    struct libusb_config_descriptor *config = NULL;
    bool found = false;
    if (libusb_get_active_config_descriptor(device, &config) != 0)
        return false;
    for (int i = 0; i < config->bNumInterfaces && !found; i++)
        found = config->interface[i].num_altsetting > 0 &&
                config->interface[i].altsetting[0].bInterfaceClass == LIBUSB_CLASS_HID;
    libusb_free_config_descriptor(config);
    return found;
}

/* What the configuration leaves open, the profile says. */
static struct decoder_options decoder_options_of(const struct scanner *scanner, const struct scanner_profile *profile)
{
    struct decoder_options options = scanner->options;
    bool is_open = options.layout == NULL || text_equal(options.layout, "us");
    if (profile != NULL && profile->layout[0] != '\0' && is_open)
        options.layout = profile->layout;
    if (profile != NULL && options.suffix_usage == 0)
        options.suffix_usage = profile->suffix_usage;
    return options;
}

static void add_reader(struct usb_scanner *owner, libusb_device *device, const char *port,
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
}

static bool offered(void *context, libusb_device *device, const char *port)
{
    struct usb_scanner *owner = context;
    struct libusb_device_descriptor ids;
    bool is_mine = owner->port[0] == '\0' || text_equal(owner->port, port);
    if (!is_mine || libusb_get_device_descriptor(device, &ids) != 0)
        return false;
    const struct scanner_profile *profile = scanner_profiles_find(owner->profiles, ids.idVendor, ids.idProduct);
    if (profile != NULL && profile->kind == PROFILE_OTHER)
        log_write(LOG_WARNING, "scanner on port %s: %s", port, profile->name);
    if (right_of(owner, profile) == RIGHT_NONE)
        return true;
    if (!is_hid(device))
        return false;
    add_reader(owner, device, port, &ids);
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

struct scanner *scanner_usb_new(struct usb *usb, struct loop *loop, const struct scanner_options *options,
                                const struct scanner_profiles *profiles, const struct scanner_events *events)
{
    struct usb_scanner *owner = memory_new(1, sizeof *owner);
    struct usb_watch_events watch_events = {.offered = offered, .left = left, .context = owner};
    scanner_init(&owner->scanner, loop, options, events, close_usb);
    owner->usb = usb;
    owner->loop = loop;
    owner->profiles = profiles;
    if (options->port != NULL)
        TEXT_COPY(owner->port, options->port);
    owner->watch = usb_watch_new(usb, owner->port[0] != '\0' ? RANK_PORT : RANK_ANY, &watch_events);
    return &owner->scanner;
}
