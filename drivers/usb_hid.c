/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration descriptors from libusb's cache, report descriptors from sysfs: no byte goes over the wire. */
#include "drivers/usb_hid.h"

#include "base/memory.h"
#include "base/text.h"
#include "drivers/usb.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "/sys/bus/usb/devices/"
#define PATH_SIZE (sizeof DEVICES + 3 * USB_PORT_SIZE + NAME_MAX)
#define HID_DESCRIPTOR_SIZE 9
#define HID_DESCRIPTOR_REPORT_LENGTH 7

/* The HID descriptor is among the bytes that belong to no other descriptor. HID 1.11, §6.2.1. */
static uint16_t find_descriptor_length(const struct libusb_interface_descriptor *interface)
{
    const uint8_t *at = interface->extra;
    for (int left = interface->extra_length; left >= 2 && at[0] >= 2 && at[0] <= left; left -= at[0], at += at[0])
        if (at[1] == LIBUSB_DT_HID && at[0] >= HID_DESCRIPTOR_SIZE)
            return (uint16_t)(at[HID_DESCRIPTOR_REPORT_LENGTH] | at[HID_DESCRIPTOR_REPORT_LENGTH + 1] << 8);
    return 0;
}

static uint8_t find_endpoint(const struct libusb_interface_descriptor *interface)
{
    for (int i = 0; i < interface->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];
        if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) == LIBUSB_TRANSFER_TYPE_INTERRUPT &&
            (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0)
            return endpoint->bEndpointAddress;
    }
    return 0;
}

/* The kernel's HID device is a folder such as 0003:0C2E:0901.0004 in the one of the interface. */
static bool is_hid_folder(const char *name)
{
    return strlen(name) == strlen("0003:0C2E:0901.0004") && strncmp(name, "0003:", 5) == 0;
}

static void read_known(struct usb_hid *hid, const char *folder, const char *name)
{
    char path[PATH_SIZE];
    if (!TEXT_FORMAT(path, "%s/%s/report_descriptor", folder, name))
        return;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t length = read(fd, hid->known, sizeof hid->known);
    close(fd);
    hid->known_length = length > 0 ? (size_t)length : 0;
}

static void find_known(struct usb_hid *hid, const char *port, int configuration)
{
    char folder[PATH_SIZE];
    if (!TEXT_FORMAT(folder, DEVICES "%s:%d.%d", port, configuration, hid->number))
        return;
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL && hid->known_length == 0;)
        if (is_hid_folder(entry->d_name))
            read_known(hid, folder, entry->d_name);
    closedir(directory);
    CLEANUP(memory_free_at) struct descriptor *descriptor = memory_new(1, sizeof *descriptor);
    if (hid->known_length > 0 && descriptor_parse(descriptor, hid->known, hid->known_length, NULL))
        hid->usage = descriptor->top_usage;
}

size_t usb_hid_list(libusb_device *device, const char *port, struct usb_hid list[USB_HID_INTERFACES_MAX])
{
    struct libusb_config_descriptor *config = NULL;
    size_t count = 0;
    if (libusb_get_active_config_descriptor(device, &config) != 0)
        return 0;
    for (int i = 0; i < config->bNumInterfaces && count < USB_HID_INTERFACES_MAX; i++) {
        if (config->interface[i].num_altsetting == 0)
            continue;
        const struct libusb_interface_descriptor *interface = &config->interface[i].altsetting[0];
        uint8_t endpoint = find_endpoint(interface);
        if (interface->bInterfaceClass != LIBUSB_CLASS_HID || endpoint == 0)
            continue;
        struct usb_hid *hid = &list[count++];
        *hid = (struct usb_hid){.number = interface->bInterfaceNumber, .subclass = interface->bInterfaceSubClass,
                                .protocol = interface->bInterfaceProtocol, .endpoint = endpoint,
                                .descriptor_length = find_descriptor_length(interface)};
        find_known(hid, port, config->bConfigurationValue);
    }
    libusb_free_config_descriptor(config);
    return count;
}

int usb_hid_rank(uint32_t usage)
{
    return usage == USAGE_SCANNER || usage == USAGE_SCANNER_DEVICE ? 2 : usage == USAGE_KEYBOARD ? 1 : 0;
}
