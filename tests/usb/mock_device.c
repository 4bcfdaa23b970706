/* SPDX-License-Identifier: Apache-2.0 */
/* The side of the device: usbfs's ioctls, and what a HID device answers. Runs on umockdev's thread. */
#include "tests/usb/mock_private.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define GET_DESCRIPTOR 0x06
#define SET_REPORT 0x09
#define OUTPUT_REPORT 2
#define SETUP_SIZE 8

/* ---- transfers ---- */

static void show_ready(struct mock_device *device)
{
    bool is_ready = false;
    for (const struct mock_urb *urb = device->urbs; urb != NULL; urb = urb->next)
        is_ready = is_ready || urb->is_done;
    if (!device->is_gone)
        tcflow(device->slave, is_ready ? TCOON : TCOOFF);
}

void mock_finish(struct mock_urb *urb, int status, size_t offset, const uint8_t *bytes, size_t length)
{
    urb->is_done = true;
    urb->status = status;
    urb->reply_offset = offset;
    urb->reply_length = length;
    if (length > 0)
        memcpy(urb->reply, bytes, length);
}

void mock_vanish(struct mock_device *device)
{
    if (device->is_gone)
        return;
    device->is_gone = true;
    if (device->printer != NULL)
        fake_printer_hang_up(device->printer);
    device->printer = NULL;
    for (struct mock_urb *urb = device->urbs; urb != NULL; urb = urb->next)
        if (!urb->is_done)
            mock_finish(urb, -ESHUTDOWN, 0, NULL, 0);
    tcflow(device->slave, TCOON);
    close(device->master);
    close(device->slave);
}

struct mock_urb *mock_waiting_on(struct mock_device *device, uint8_t endpoint)
{
    for (struct mock_urb *urb = device->urbs; urb != NULL; urb = urb->next)
        if (!urb->is_done && urb->endpoint == endpoint)
            return urb;
    return NULL;
}

void mock_match(struct mock_device *device)
{
    mock_print(device);
    for (size_t i = 0; i < device->model->interface_count; i++) {
        struct mock_urb *urb;
        while (device->queued[i] > 0 && (urb = mock_waiting_on(device, (uint8_t)(0x81 + i))) != NULL) {
            const struct mock_report *report = &device->queues[i][0];
            bool fits = report->length <= urb->buffer_length;
            mock_finish(urb, fits ? 0 : -EOVERFLOW, 0, report->bytes, fits ? report->length : 0);
            memmove(device->queues[i], device->queues[i] + 1, --device->queued[i] * sizeof *report);
        }
    }
    show_ready(device);
}

static void queue(struct mock_device *device, size_t interface, const uint8_t *bytes, size_t length)
{
    if (device->queued[interface] == MOCK_QUEUE_MAX || length > MOCK_REPORT_MAX)
        abort();
    struct mock_report *report = &device->queues[interface][device->queued[interface]++];
    report->length = length;
    memcpy(report->bytes, bytes, length);
}

void mock_send(struct mock_device *device, size_t interface, const uint8_t *bytes, size_t length)
{
    g_mutex_lock(&device->lock);
    queue(device, interface, bytes, length);
    mock_match(device);
    g_mutex_unlock(&device->lock);
}

void mock_prepare(struct mock_device *device, size_t interface, const uint8_t *bytes, size_t length)
{
    g_mutex_lock(&device->lock);
    queue(device, interface, bytes, length);
    g_mutex_unlock(&device->lock);
}

void mock_stall(struct mock_device *device, size_t interface)
{
    g_mutex_lock(&device->lock);
    struct mock_urb *urb = mock_waiting_on(device, (uint8_t)(0x81 + interface));
    if (urb == NULL)
        abort();
    mock_finish(urb, -EPIPE, 0, NULL, 0);
    show_ready(device);
    g_mutex_unlock(&device->lock);
}

struct mock_count mock_count(struct mock_device *device)
{
    g_mutex_lock(&device->lock);
    struct mock_count count = device->count;
    count.is_gone = device->is_gone;
    for (size_t i = 0; i < device->model->interface_count; i++)
        count.reports_lost += (unsigned)device->queued[i];
    g_mutex_unlock(&device->lock);
    return count;
}

/* ---- control requests ---- */

/* True if it is an output report. */
static bool note_output(struct mock_device *device, const uint8_t *setup)
{
    size_t length = setup[6] | (size_t)setup[7] << 8;
    if (setup[1] != SET_REPORT || setup[3] != OUTPUT_REPORT)
        return false;
    device->count.outputs++;
    memset(device->count.output, 0, sizeof device->count.output);
    memcpy(device->count.output, setup + SETUP_SIZE,
           length < sizeof device->count.output ? length : sizeof device->count.output);
    return true;
}

static void answer(struct mock_device *device, struct mock_urb *urb, const uint8_t *setup)
{
    size_t wanted = setup[6] | (size_t)setup[7] << 8;
    if (device->fault != FAULT_SILENT && mock_tell_device_id(device, urb, setup, wanted))
        return;
    bool is_descriptor = setup[1] == GET_DESCRIPTOR && setup[4] < device->model->interface_count;
    enum mock_fault fault = device->fault;
    device->count.requests += !is_descriptor;
    bool is_output = note_output(device, setup);
    if (fault == FAULT_SILENT || (fault == FAULT_DEAF && is_output))
        return;
    if (fault == (is_descriptor ? FAULT_VANISH_DESCRIPTOR : FAULT_VANISH_INIT)) {
        mock_vanish(device);
    } else if (fault == (is_descriptor ? FAULT_STALL_DESCRIPTOR : FAULT_STALL_ALL)) {
        mock_finish(urb, -EPIPE, 0, NULL, 0);
    } else if (is_descriptor) {
        const struct mock_interface *interface = &device->model->interfaces[setup[4]];
        size_t length = interface->descriptor_length < wanted ? interface->descriptor_length : wanted;
        mock_finish(urb, 0, SETUP_SIZE, interface->descriptor, length);
    } else {
        mock_finish(urb, 0, SETUP_SIZE, NULL, 0);
        urb->reply_length = (setup[0] & 0x80) != 0 ? 0 : wanted; /* taken, and not sent back */
    }
}

/* ---- usbfs ---- */

static void forget(struct mock_urb *urb)
{
    g_object_unref(urb->data);
    if (urb->buffer != NULL)
        g_object_unref(urb->buffer);
    free(urb);
}

void mock_forget_urbs(struct mock_device *device)
{
    while (device->urbs != NULL) {
        struct mock_urb *urb = device->urbs;
        device->urbs = urb->next;
        forget(urb);
    }
}

static void note_flight(struct mock_device *device, const struct mock_urb *urb, int more)
{
    if (urb->type != USBDEVFS_URB_TYPE_INTERRUPT)
        return;
    device->count.in_flight += (unsigned)more;
    device->count.interrupt_length = (unsigned)urb->buffer_length;
    if (device->count.in_flight > device->count.most_in_flight)
        device->count.most_in_flight = device->count.in_flight;
}

static struct mock_urb *new_urb(UMockdevIoctlData *arg)
{
    struct mock_urb *urb = memory_new(1, sizeof *urb);
    struct usbdevfs_urb header;
    urb->data = umockdev_ioctl_data_resolve(arg, 0, sizeof header, NULL);
    memcpy(&header, urb->data->data, sizeof header);
    urb->address = urb->data->client_addr;
    urb->type = header.type;
    urb->endpoint = header.endpoint;
    urb->buffer_length = (size_t)header.buffer_length;
    if (header.buffer_length > 0)
        urb->buffer = umockdev_ioctl_data_resolve(urb->data, offsetof(struct usbdevfs_urb, buffer),
                                                  (gsize)header.buffer_length, NULL);
    return urb;
}

static int on_submit(struct mock_device *device, UMockdevIoctlData *arg)
{
    if (device->is_gone)
        return ENODEV;
    struct mock_urb *urb = new_urb(arg), **at = &device->urbs;
    while (*at != NULL)
        at = &(*at)->next;
    *at = urb;
    note_flight(device, urb, 1);
    if (urb->type == USBDEVFS_URB_TYPE_CONTROL)
        answer(device, urb, urb->buffer->data);
    else if (device->fault == FAULT_VANISH_LISTEN)
        mock_vanish(device);
    mock_match(device);
    return 0;
}

static void put_reply(struct mock_urb *urb)
{
    struct usbdevfs_urb header;
    memcpy(&header, urb->data->data, sizeof header);
    gint actual = (gint)urb->reply_length;
    bool is_sent = urb->type == USBDEVFS_URB_TYPE_BULK && (urb->endpoint & 0x80) == 0;
    if (urb->buffer != NULL && urb->reply_length > 0 && !is_sent)
        umockdev_ioctl_data_update(urb->buffer, urb->reply_offset, urb->reply, actual);
    umockdev_ioctl_data_update(urb->data, offsetof(struct usbdevfs_urb, status), (guint8 *)&urb->status, sizeof(int));
    umockdev_ioctl_data_update(urb->data, offsetof(struct usbdevfs_urb, actual_length), (guint8 *)&actual, sizeof(int));
}

static int on_reap(struct mock_device *device, UMockdevIoctlData *arg)
{
    struct mock_urb **at = &device->urbs;
    while (*at != NULL && !(*at)->is_done)
        at = &(*at)->next;
    struct mock_urb *urb = *at;
    if (urb == NULL)
        return device->is_gone ? ENODEV : EAGAIN;
    *at = urb->next;
    note_flight(device, urb, -1);
    put_reply(urb);
    UMockdevIoctlData *target = umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);
    umockdev_ioctl_data_set_ptr(target, 0, urb->data);
    g_object_unref(target);
    forget(urb);
    show_ready(device);
    return 0;
}

static int on_discard(struct mock_device *device, UMockdevIoctlData *arg)
{
    gulong address;
    memcpy(&address, arg->data, sizeof address);
    if (device->fault == FAULT_VANISH_CANCEL)
        mock_vanish(device);
    if (device->is_gone)
        return ENODEV;
    if (device->fault == FAULT_LAST_WORD)
        mock_match(device);
    for (struct mock_urb *urb = device->urbs; urb != NULL; urb = urb->next)
        if (urb->address == address && !urb->is_done) {
            mock_finish(urb, -ENOENT, 0, NULL, 0);
            show_ready(device);
            return 0;
        }
    return EINVAL;
}

static int on_capabilities(struct mock_device *device, UMockdevIoctlData *arg)
{
    guint32 value = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof value, NULL);
    umockdev_ioctl_data_update(data, 0, (guint8 *)&value, sizeof value);
    g_object_unref(data);
    device->count.opened++;
    return 0;
}

static unsigned read_number(UMockdevIoctlData *arg)
{
    unsigned number;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof number, NULL);
    memcpy(&number, data->data, sizeof number);
    g_object_unref(data);
    return number;
}

/* The first member of DISCONNECT_CLAIM's structure is the interface, too. */
static int on_claim(struct mock_device *device, UMockdevIoctlData *arg)
{
    unsigned number = read_number(arg);
    if (device->fault == FAULT_VANISH_CLAIM)
        mock_vanish(device);
    if (device->is_gone)
        return ENODEV;
    if (number >= device->model->interface_count)
        return EINVAL;
    if (device->fault == FAULT_BUSY || (device->fault == FAULT_BUSY_ONCE && !device->was_busy)) {
        device->was_busy = true;
        return EBUSY;
    }
    device->is_claimed[number] = true;
    device->is_bound[number] = false;
    device->count.claimed[number]++;
    return 0;
}

static int on_release(struct mock_device *device, UMockdevIoctlData *arg)
{
    unsigned number = read_number(arg);
    if (number >= device->model->interface_count || !device->is_claimed[number])
        return EINVAL;
    device->is_claimed[number] = false;
    device->count.released[number]++;
    return device->is_gone ? ENODEV : 0;
}

static int on_driver_ioctl(struct mock_device *device, UMockdevIoctlData *arg)
{
    struct usbdevfs_ioctl request;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof request, NULL);
    memcpy(&request, data->data, sizeof request);
    g_object_unref(data);
    if (device->is_gone)
        return ENODEV;
    if (request.ioctl_code != (int)USBDEVFS_CONNECT || device->is_claimed[request.ifno])
        return EBUSY;
    device->is_bound[request.ifno] = true;
    device->count.bound_again[request.ifno]++;
    return 0;
}

static const struct {
    gulong request;
    int (*handle)(struct mock_device *device, UMockdevIoctlData *arg); /* 0 or an errno */
} handlers[] = {
    {USBDEVFS_GET_CAPABILITIES, on_capabilities}, {USBDEVFS_SUBMITURB, on_submit},
    {USBDEVFS_REAPURBNDELAY, on_reap},            {USBDEVFS_DISCARDURB, on_discard},
    {USBDEVFS_CLAIMINTERFACE, on_claim},          {USBDEVFS_DISCONNECT_CLAIM, on_claim},
    {USBDEVFS_RELEASEINTERFACE, on_release},      {USBDEVFS_IOCTL, on_driver_ioctl},
};

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer context)
{
    (void)base;
    struct mock_device *device = context;
    gulong request = umockdev_ioctl_client_get_request(client);
    int result = ENOTTY;
    g_mutex_lock(&device->lock);
    if (device->fault == FAULT_VANISH_OPEN)
        mock_vanish(device);
    for (size_t i = 0; i < COUNT_OF(handlers); i++)
        if (handlers[i].request == request)
            result = handlers[i].handle(device, umockdev_ioctl_client_get_arg(client));
    g_mutex_unlock(&device->lock);
    umockdev_ioctl_client_complete(client, result == 0 ? 0 : -1, result);
    return TRUE;
}

UMockdevIoctlBase *mock_handler_new(struct mock_device *device)
{
    UMockdevIoctlBase *handler = umockdev_ioctl_base_new();
    g_signal_connect(handler, "handle-ioctl", G_CALLBACK(on_ioctl), device);
    return handler;
}
