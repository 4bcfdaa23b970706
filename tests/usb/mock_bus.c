/* SPDX-License-Identifier: Apache-2.0 */
/* The side of the bus: sysfs, uevents, device nodes. A node is a pty, because a plain file can neither be "not ready"
   nor hang up: output stopped is "nothing to reap", a closed master is an unplugged device. */
#include "tests/usb/mock_private.h"

#include "base/clock.h"

#include <fcntl.h>
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define DEADLINE_MS 5000

struct mock_bus {
    UMockdevTestbed *testbed;
    libusb_context *peek; /* to see when libusb has noticed that something left */
    unsigned left_address;
    unsigned hid_number; /* the kernel's count of HID devices */
    char *hubs[8];
    size_t hub_count;
    struct mock_device *unplugged; /* somebody may have them open still */
};

/* One for the whole program, because each one costs umockdev two descriptors for ever. */
static UMockdevTestbed *the_testbed;
static uint8_t the_next_address = 2;

static void free_testbed(void)
{
    g_object_unref(the_testbed);
}

bool mock_is_possible(void)
{
    the_testbed = umockdev_testbed_new();
    atexit(free_testbed);
    bool is_possible = umockdev_in_mock_environment() != 0;
    if (!is_possible)
        puts("skipped: libumockdev-preload.so.0 is not preloaded");
    return is_possible;
}

/* Never twice in a program: a device that has left may be open still. */
static uint8_t next_address(void)
{
    if (the_next_address == UINT8_MAX)
        abort();
    return the_next_address++;
}

static int LIBUSB_CALL on_left(libusb_context *context, libusb_device *device, libusb_hotplug_event event, void *data)
{
    (void)context, (void)event;
    struct mock_bus *bus = data;
    bus->left_address = libusb_get_device_address(device);
    return 0;
}

struct mock_bus *mock_bus_new(void)
{
    struct mock_bus *bus = calloc(1, sizeof *bus);
    bus->testbed = the_testbed;
    if (libusb_init(&bus->peek) != 0 ||
        libusb_hotplug_register_callback(bus->peek, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0, -1, -1, -1, on_left, bus,
                                         NULL) != 0)
        abort();
    return bus;
}

/* ---- descriptors ---- */

static size_t put_device(uint8_t *to, const struct mock_model *model, uint8_t device_class)
{
    uint8_t bytes[] = {18, 1, 0, 2, device_class, 0, 0, 64, (uint8_t)model->vendor, (uint8_t)(model->vendor >> 8),
                       (uint8_t)model->product, (uint8_t)(model->product >> 8), 0, 1, 0, 0, 0, 1};
    memcpy(to, bytes, sizeof bytes);
    return sizeof bytes;
}

/* Bidirectional, with endpoints of 512 bytes. Source: USB printer class 1.1. */
static size_t put_printer(uint8_t *to, uint8_t number)
{
    uint8_t bytes[] = {9, 4, number, 0, 2, LIBUSB_CLASS_PRINTER, 1, 2, 0,
                       7, 5, (uint8_t)(0x01 + number), 2, 0, 2, 0,
                       7, 5, (uint8_t)(0x81 + number), 2, 0, 2, 0};
    memcpy(to, bytes, sizeof bytes);
    return sizeof bytes;
}

static size_t put_interface(uint8_t *to, const struct mock_interface *interface, uint8_t number)
{
    if (interface->device_id != NULL)
        return put_printer(to, number);
    uint8_t length[] = {(uint8_t)interface->descriptor_length, (uint8_t)(interface->descriptor_length >> 8)};
    uint8_t class = interface->interface_class != 0 ? interface->interface_class : LIBUSB_CLASS_HID;
    uint8_t bytes[] = {9, 4, number, 0, 1, class, interface->subclass, interface->protocol, 0,
                       9, 0x21, 0x11, 1, 0, 1, 0x22, length[0], length[1],
                       7, 5, (uint8_t)(0x81 + number), 3, 64, 0, 4};
    memcpy(to, bytes, sizeof bytes);
    return sizeof bytes;
}

static size_t put_all(uint8_t *to, const struct mock_model *model, uint8_t device_class)
{
    size_t start = put_device(to, model, device_class), used = start + 9;
    for (size_t i = 0; i < model->interface_count; i++)
        used += put_interface(to + used, &model->interfaces[i], (uint8_t)i);
    size_t total = used - start;
    uint8_t config[] = {9, 2, (uint8_t)total, (uint8_t)(total >> 8), (uint8_t)model->interface_count, 1, 0, 0x80, 50};
    memcpy(to + start, config, sizeof config);
    return used;
}

/* ---- sysfs ---- */

static void must(bool is_good, const char *what)
{
    if (!is_good) {
        perror(what);
        abort();
    }
}

static void node_path(char path[64], uint8_t address)
{
    snprintf(path, 64, "/dev/bus/usb/001/%03u", address);
}

static char *add_device(struct mock_bus *bus, const char *name, const char *parent, uint8_t address,
                        const struct mock_model *model, uint8_t device_class)
{
    char number[8], node[64];
    uint8_t bytes[512];
    snprintf(number, sizeof number, "%u", address);
    node_path(node, address);
    char *path = umockdev_testbed_add_device(bus->testbed, "usb", name, parent, "busnum", "1", "devnum", number,
                                             "speed", "480", "bConfigurationValue", "1", NULL, "DEVTYPE", "usb_device",
                                             "DEVNAME", node, "BUSNUM", "001", "DEVNUM", number, NULL);
    umockdev_testbed_set_attribute_binary(bus->testbed, path, "descriptors", bytes,
                                          (gint)put_all(bytes, model, device_class));
    return path;
}

static void add_interface(struct mock_bus *bus, struct mock_device *device, size_t number, const char *name)
{
    const struct mock_interface *interface = &device->model->interfaces[number];
    char child[32], hid[32];
    snprintf(child, sizeof child, "%s:1.%zu", name, number);
    snprintf(hid, sizeof hid, "0003:%04X:%04X.%04X", device->model->vendor, device->model->product, ++bus->hid_number);
    char *path = umockdev_testbed_add_device(bus->testbed, "usb", child, device->path, NULL, "DEVTYPE", "usb_interface",
                                             NULL);
    if (interface->interface_class == 0 && !interface->is_unread && interface->device_id == NULL) {
        char *folder = umockdev_testbed_add_device(bus->testbed, "hid", hid, path, NULL, NULL);
        umockdev_testbed_set_attribute_binary(bus->testbed, folder, "report_descriptor",
                                              (guint8 *)(uintptr_t)interface->descriptor,
                                              (gint)interface->descriptor_length);
        device->children[device->child_count++] = folder;
    }
    device->children[device->child_count++] = path;
}

/* The folder of the hub that a device hangs on; made if it is missing. */
static const char *hub_of(struct mock_bus *bus, const char *name)
{
    static const struct mock_model hub = {.vendor = 0x1d6b, .product = 2};
    char parent[32];
    snprintf(parent, sizeof parent, "%s", name);
    char *dot = strrchr(parent, '.');
    if (dot != NULL)
        *dot = '\0';
    else
        snprintf(parent, sizeof parent, "usb1");
    for (size_t i = 0; i < bus->hub_count; i++)
        if (strcmp(strrchr(bus->hubs[i], '/') + 1, parent) == 0)
            return bus->hubs[i];
    const char *above = dot != NULL ? hub_of(bus, parent) : NULL;
    uint8_t address = dot != NULL ? next_address() : 1;
    return bus->hubs[bus->hub_count++] = add_device(bus, parent, above, address, &hub, LIBUSB_CLASS_HUB);
}

/* ---- nodes ---- */

static void make_node(struct mock_bus *bus, struct mock_device *device)
{
    char path[256], node[64];
    char *root = umockdev_testbed_get_root_dir(bus->testbed);
    device->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    must(device->master >= 0 && grantpt(device->master) == 0 && unlockpt(device->master) == 0, "pty");
    const char *pty = ptsname(device->master);
    device->slave =
        ioctl(device->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC); /* umockdev counts open() of it */
    node_path(node, device->address);
    snprintf(path, sizeof path, "%s/dev/bus/usb/001", root);
    must(g_mkdir_with_parents(path, 0755) == 0, path);
    snprintf(path, sizeof path, "%s%s", root, node);
    unlink(path);
    must(device->slave >= 0, pty);
    must(symlink(pty, path) == 0, path);
    free(root);
    tcflow(device->slave, TCOOFF);
}

struct mock_device *mock_plug(struct mock_bus *bus, const char *name, const struct mock_model *model,
                              enum mock_fault fault)
{
    struct mock_device *device = calloc(1, sizeof *device);
    char node[64];
    GError *error = NULL;
    *device = (struct mock_device){.bus = bus, .model = model, .fault = fault, .address = next_address()};
    g_mutex_init(&device->lock);
    for (size_t i = 0; i < model->interface_count; i++)
        device->is_bound[i] = !model->interfaces[i].is_unread;
    device->handler = mock_handler_new(device);
    make_node(bus, device);
    node_path(node, device->address);
    if (!umockdev_testbed_attach_ioctl(bus->testbed, node, device->handler, &error)) {
        fprintf(stderr, "attach_ioctl: %s\n", error->message);
        abort();
    }
    device->path = add_device(bus, name, hub_of(bus, name), device->address, model, 0);
    for (size_t i = 0; i < model->interface_count; i++)
        add_interface(bus, device, i, name);
    umockdev_testbed_uevent(bus->testbed, device->path, "add");
    return device;
}

static void hang_up(struct mock_device *device)
{
    g_mutex_lock(&device->lock);
    mock_vanish(device);
    g_mutex_unlock(&device->lock);
}

static void tell_removed(struct mock_device *device)
{
    struct mock_bus *bus = device->bus;
    int64_t end = clock_read().tick + DEADLINE_MS;
    bus->left_address = 0;
    umockdev_testbed_uevent(bus->testbed, device->path, "remove");
    while (bus->left_address != device->address && clock_read().tick < end) {
        struct timeval slice = {.tv_usec = 10000};
        libusb_handle_events_timeout_completed(bus->peek, &slice, NULL);
    }
    if (bus->left_address != device->address)
        abort();
}

static void remove_device(struct mock_device *device)
{
    struct mock_bus *bus = device->bus;
    for (size_t i = 0; i < device->child_count; i++) { /* else their links stay */
        umockdev_testbed_remove_device(bus->testbed, device->children[i]);
        free(device->children[i]);
    }
    umockdev_testbed_remove_device(bus->testbed, device->path);
    device->next = bus->unplugged;
    bus->unplugged = device;
}

void mock_unplug(struct mock_device *device)
{
    hang_up(device);
    tell_removed(device);
    remove_device(device);
}

void mock_unplug_told_first(struct mock_device *device)
{
    tell_removed(device);
    hang_up(device);
    remove_device(device);
}

static void free_device(struct mock_device *device)
{
    char node[64];
    node_path(node, device->address);
    umockdev_testbed_detach_ioctl(device->bus->testbed, node, NULL);
    g_object_unref(device->handler);
    mock_forget_urbs(device);
    buffer_done(&device->answers);
    g_mutex_clear(&device->lock);
    free(device->path);
    free(device);
}

struct mock_bus *mock_bus_free(struct mock_bus *bus)
{
    libusb_exit(bus->peek);
    while (bus->unplugged != NULL) {
        struct mock_device *device = bus->unplugged;
        bus->unplugged = device->next;
        free_device(device);
    }
    while (bus->hub_count > 0) { /* the root hub, the first one, last */
        char *hub = bus->hubs[--bus->hub_count];
        umockdev_testbed_remove_device(bus->testbed, hub);
        free(hub);
    }
    free(bus);
    return NULL;
}
