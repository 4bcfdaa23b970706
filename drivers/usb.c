/* SPDX-License-Identifier: Apache-2.0 */
/* libusb's descriptors and timers in our loop, and the list of what is plugged in. */
#include "drivers/usb.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "drivers/usb_private.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#define PORTS_MAX 7 /* hubs in a row that USB allows */
#define FREE_WAIT_MS 1000

struct source {
    struct source *next;
    int fd;
    struct loop_source *io;
};

/* What libusb told of a device. It may tell an arrival twice. */
struct news {
    struct news *next;
    libusb_device *device; /* a reference of its own */
    bool is_here;
};

struct device {
    struct device *next;
    libusb_device *device;
    char port[USB_PORT_SIZE];
    struct usb_watch *owner;
    struct usb_watch *decliner; /* the last watch that gave it back */
    bool is_taken;
};

struct usb_watch {
    struct usb_watch *next;
    struct usb *usb;
    int rank;
    struct usb_watch_events events;
};

struct usb {
    struct loop *loop;
    libusb_context *context;
    libusb_hotplug_callback_handle hotplug;
    bool has_hotplug;
    struct source *sources;
    struct loop_source *work; /* news and offers */
    struct news *news, **news_end;
    struct device *devices;
    struct usb_watch *watches; /* by rank, then by age */
    struct usb_transfers transfers;
};

/* ---- descriptors ---- */

static void on_ready(void *context, int fd, uint32_t events)
{
    (void)fd, (void)events;
    struct usb *usb = context;
    struct timeval now = {0};
    int r = libusb_handle_events_timeout_completed(usb->context, &now, NULL);
    if (r != 0 && r != LIBUSB_ERROR_INTERRUPTED)
        log_write(LOG_ERR, "usb: events: %s", libusb_strerror(r));
}

/* poll's bits are epoll's for these. */
static void add_source(int fd, short events, void *context)
{
    struct usb *usb = context;
    struct source *source = memory_new(1, sizeof *source);
    uint32_t bits = ((events & POLLIN) != 0 ? EPOLLIN : 0U) | ((events & POLLOUT) != 0 ? EPOLLOUT : 0U);
    source->fd = fd;
    source->io = loop_add_io(usb->loop, "usb", LOOP_INPUT, fd, bits, on_ready, usb);
    source->next = usb->sources;
    usb->sources = source;
}

static void remove_source(int fd, void *context)
{
    struct usb *usb = context;
    for (struct source **at = &usb->sources; *at != NULL; at = &(*at)->next) {
        struct source *source = *at;
        if (source->fd != fd)
            continue;
        *at = source->next;
        loop_remove(source->io);
        free(source);
        return;
    }
}

static bool add_sources(struct usb *usb, struct error *err)
{
    if (!libusb_pollfds_handle_timeouts(usb->context))
        return error_set(err, ERROR_SYSTEM, "usb: libusb was built without timerfd");
    const struct libusb_pollfd **fds = libusb_get_pollfds(usb->context);
    if (fds == NULL)
        return error_set(err, ERROR_SYSTEM, "usb: no descriptors to wait for");
    for (size_t i = 0; fds[i] != NULL; i++)
        add_source(fds[i]->fd, fds[i]->events, usb);
    libusb_free_pollfds(fds);
    libusb_set_pollfd_notifiers(usb->context, add_source, remove_source, usb);
    return true;
}

/* ---- who is there ---- */

static int LIBUSB_CALL on_hotplug(libusb_context *context, libusb_device *device, libusb_hotplug_event event,
                                  void *user_data)
{
    (void)context;
    struct usb *usb = user_data;
    struct news *news = memory_new(1, sizeof *news);
    *news = (struct news){.device = libusb_ref_device(device), .is_here = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED};
    *usb->news_end = news;
    usb->news_end = &news->next;
    loop_post(usb->work);
    return 0;
}

static struct news *next_news(struct usb *usb)
{
    struct news *news = usb->news;
    if (news == NULL)
        return NULL;
    usb->news = news->next;
    if (usb->news == NULL)
        usb->news_end = &usb->news;
    return news;
}

static struct device **find_device(struct usb *usb, const libusb_device *device)
{
    struct device **at = &usb->devices;
    while (*at != NULL && (*at)->device != device)
        at = &(*at)->next;
    return at;
}

static void free_device(struct device *device)
{
    libusb_unref_device(device->device);
    free(device);
}

static void arrive(struct usb *usb, libusb_device *pointer)
{
    struct device **at = find_device(usb, pointer);
    if (*at != NULL)
        return;
    struct device *device = memory_new(1, sizeof *device);
    device->device = libusb_ref_device(pointer);
    usb_port_format(device->port, pointer);
    *at = device;
}

static void leave(struct usb *usb, const libusb_device *pointer)
{
    struct device **at = find_device(usb, pointer);
    struct device *device = *at;
    if (device == NULL)
        return;
    *at = device->next;
    if (device->owner != NULL)
        device->owner->events.left(device->owner->events.context, device->device);
    free_device(device);
}

static void offer(struct usb *usb, struct device *device)
{
    struct usb_watch *first = device->decliner != NULL ? device->decliner->next : usb->watches;
    for (struct usb_watch *watch = first; watch != NULL && !device->is_taken; watch = watch->next) {
        device->is_taken = watch->events.offered(watch->events.context, device->device, device->port);
        if (device->is_taken)
            device->owner = watch;
    }
}

static void on_work(void *context)
{
    struct usb *usb = context;
    for (struct news *news; (news = next_news(usb)) != NULL; free(news)) {
        if (news->is_here)
            arrive(usb, news->device);
        else
            leave(usb, news->device);
        libusb_unref_device(news->device);
    }
    for (struct device *device = usb->devices; device != NULL; device = device->next)
        offer(usb, device);
}

struct usb_watch *usb_watch_new(struct usb *usb, int rank, const struct usb_watch_events *events)
{
    struct usb_watch **at = &usb->watches;
    while (*at != NULL && (*at)->rank <= rank)
        at = &(*at)->next;
    struct usb_watch *watch = memory_new(1, sizeof *watch);
    *watch = (struct usb_watch){.next = *at, .usb = usb, .rank = rank, .events = *events};
    *at = watch;
    loop_post(usb->work);
    return watch;
}

void usb_watch_decline(struct usb_watch *watch, const libusb_device *pointer)
{
    struct device *device = *find_device(watch->usb, pointer);
    if (device == NULL || device->owner != watch)
        return;
    device->owner = NULL;
    device->decliner = watch;
    device->is_taken = false;
    loop_post(watch->usb->work);
}

struct usb_watch *usb_watch_free(struct usb_watch *watch)
{
    if (watch == NULL)
        return NULL;
    struct usb_watch **at = &watch->usb->watches;
    while (*at != watch)
        at = &(*at)->next;
    *at = watch->next;
    for (struct device *device = watch->usb->devices; device != NULL; device = device->next) {
        device->owner = device->owner == watch ? NULL : device->owner;
        device->decliner = device->decliner == watch ? NULL : device->decliner;
    }
    free(watch);
    return NULL;
}

/* ---- the context ---- */

static void on_transfers(void *context)
{
    struct usb *usb = context;
    usb_transfers_run(&usb->transfers);
}

static bool start(struct usb *usb, struct error *err)
{
    int r = libusb_init(&usb->context);
    if (r != 0)
        return usb_error(err, r, "usb");
    usb->transfers.context = usb->context;
    if (!add_sources(usb, err))
        return false;
    r = libusb_hotplug_register_callback(
        usb->context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, LIBUSB_HOTPLUG_ENUMERATE,
        LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, on_hotplug, usb, &usb->hotplug);
    usb->has_hotplug = r == 0;
    return r == 0 || usb_error(err, r, "usb: hotplug");
}

/* Transfers come before offers: what a device sent before it left counts. */
struct usb *usb_new(struct loop *loop, struct error *err)
{
    struct usb *usb = memory_new(1, sizeof *usb);
    usb->loop = loop;
    usb->news_end = &usb->news;
    usb->transfers.last = &usb->transfers.first;
    usb->transfers.work = loop_add_work(loop, "usb transfers", LOOP_INPUT, on_transfers, usb);
    usb->work = loop_add_work(loop, "usb devices", LOOP_COMMIT, on_work, usb);
    return start(usb, err) ? usb : usb_free(usb);
}

struct usb *usb_new_if_any(struct loop *loop)
{
    struct error err = {0};
    struct usb *usb = usb_new(loop, &err);
    if (usb == NULL)
        log_write(LOG_WARNING, "no scanners or printers on USB: %s", err.message);
    return usb;
}

/* The loop may have stopped, so libusb is given its turns here. */
static void wait_for_handles(struct usb *usb)
{
    int64_t end = clock_read().tick + FREE_WAIT_MS;
    while (!usb_transfers_close_all(&usb->transfers)) {
        struct timeval slice = {.tv_usec = 20000};
        if (clock_read().tick >= end) {
            log_write(LOG_ERR, "usb: transfers did not come back; left behind");
            return;
        }
        libusb_handle_events_timeout_completed(usb->context, &slice, NULL);
        usb_transfers_run(&usb->transfers);
    }
}

static void forget_devices(struct usb *usb)
{
    for (struct news *news; (news = next_news(usb)) != NULL; free(news))
        libusb_unref_device(news->device);
    while (usb->devices != NULL) {
        struct device *device = usb->devices;
        usb->devices = device->next;
        free_device(device);
    }
}

struct usb *usb_free(struct usb *usb)
{
    if (usb == NULL)
        return NULL;
    if (usb->context != NULL)
        wait_for_handles(usb);
    if (usb->has_hotplug)
        libusb_hotplug_deregister_callback(usb->context, usb->hotplug);
    forget_devices(usb);
    if (usb->context != NULL)
        libusb_set_pollfd_notifiers(usb->context, NULL, NULL, NULL);
    while (usb->sources != NULL)
        remove_source(usb->sources->fd, usb);
    if (usb->context != NULL)
        libusb_exit(usb->context);
    loop_remove(usb->work);
    loop_remove(usb->transfers.work);
    free(usb);
    return NULL;
}

struct usb_transfers *usb_transfers_of(struct usb *usb)
{
    return &usb->transfers;
}

void usb_port_format(char *port, libusb_device *device)
{
    uint8_t ports[PORTS_MAX];
    int count = libusb_get_port_numbers(device, ports, PORTS_MAX);
    size_t used = (size_t)snprintf(port, USB_PORT_SIZE, "%u", libusb_get_bus_number(device));
    for (int i = 0; i < count; i++)
        used += (size_t)snprintf(port + used, USB_PORT_SIZE - used, "%c%u", i == 0 ? '-' : '.', ports[i]);
}

bool usb_error(struct error *err, int code, const char *what)
{
    static const struct {
        int code;
        enum error_code error;
    } codes[] = {{LIBUSB_ERROR_NO_DEVICE, ERROR_NOT_FOUND}, {LIBUSB_ERROR_NOT_FOUND, ERROR_NOT_FOUND},
                 {LIBUSB_ERROR_BUSY, ERROR_BUSY},           {LIBUSB_ERROR_ACCESS, ERROR_SYSTEM}};
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].code == code)
            return error_set(err, codes[i].error, "%s: %s", what, libusb_strerror(code));
    return error_set(err, ERROR_IO, "%s: %s", what, libusb_strerror(code));
}
