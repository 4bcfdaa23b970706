/* SPDX-License-Identifier: Apache-2.0 */
/* Open devices: transfers that come back through a queue, and a close that waits for the last of them. */
#include "drivers/usb.h"

#include "base/memory.h"
#include "drivers/usb_private.h"

#include <stdlib.h>
#include <string.h>

#define INTERFACES_MAX 32

struct usb_handle {
    struct usb_handle *next; /* of the handles that are not closed yet */
    struct usb_transfers *transfers;
    libusb_device_handle *handle;
    void *context;
    uint32_t claimed;              /* a bit for each interface */
    struct usb_transfer *in_flight; /* or back, and waiting to be handed out */
    bool is_closing;
    void (*closed)(void *context);
};

struct usb_transfer {
    struct usb_transfer *next_back;
    struct usb_transfer *next; /* of the handle's in_flight */
    struct usb_handle *handle;
    struct libusb_transfer *transfer;
    usb_done_fn *done;
    uint8_t bytes[];
};

struct usb_handle *usb_open(struct usb *usb, libusb_device *device, void *context, struct error *err)
{
    libusb_device_handle *opened = NULL;
    int r = libusb_open(device, &opened);
    if (r != 0) {
        usb_error(err, r, "open");
        return NULL;
    }
    libusb_set_auto_detach_kernel_driver(opened, 1);
    struct usb_handle *handle = memory_new(1, sizeof *handle);
    struct usb_transfers *transfers = usb_transfers_of(usb);
    *handle = (struct usb_handle){
        .next = transfers->handles, .transfers = transfers, .handle = opened, .context = context};
    transfers->handles = handle;
    return handle;
}

bool usb_claim(struct usb_handle *handle, int number, struct error *err)
{
    if (number >= INTERFACES_MAX)
        return error_set(err, ERROR_INVALID, "interface %d", number);
    int r = libusb_claim_interface(handle->handle, number);
    if (r != 0)
        return usb_error(err, r, "claim");
    handle->claimed |= UINT32_C(1) << number;
    return true;
}

/* Before the close: else the kernel's driver does not come back. */
void usb_release(struct usb_handle *handle, int number)
{
    if ((handle->claimed & UINT32_C(1) << number) != 0)
        libusb_release_interface(handle->handle, number);
    handle->claimed &= ~(UINT32_C(1) << number);
}

static void LIBUSB_CALL on_back(struct libusb_transfer *libusb_transfer)
{
    struct usb_transfer *transfer = libusb_transfer->user_data;
    struct usb_transfers *transfers = transfer->handle->transfers;
    transfer->next_back = NULL;
    *transfers->last = transfer;
    transfers->last = &transfer->next_back;
    loop_post(transfers->work);
}

static struct usb_transfer *new_transfer(struct usb_handle *handle, size_t length, usb_done_fn *done)
{
    struct usb_transfer *transfer = memory_new(1, sizeof *transfer + length);
    transfer->transfer = libusb_alloc_transfer(0);
    if (transfer->transfer == NULL)
        abort(); /* as memory_new does */
    transfer->handle = handle;
    transfer->done = done;
    transfer->next = handle->in_flight;
    handle->in_flight = transfer;
    return transfer;
}

static void free_transfer(struct usb_transfer *transfer)
{
    struct usb_transfer **at = &transfer->handle->in_flight;
    while (*at != transfer)
        at = &(*at)->next;
    *at = transfer->next;
    libusb_free_transfer(transfer->transfer);
    free(transfer);
}

static bool submit(struct usb_transfer *transfer, struct error *err)
{
    int r = libusb_submit_transfer(transfer->transfer);
    if (r == 0)
        return true;
    free_transfer(transfer);
    return usb_error(err, r, "transfer");
}

bool usb_control(struct usb_handle *handle, const struct usb_request *request, unsigned timeout_ms, usb_done_fn *done,
                 struct error *err)
{
    struct usb_transfer *transfer = new_transfer(handle, LIBUSB_CONTROL_SETUP_SIZE + (size_t)request->length, done);
    libusb_fill_control_setup(transfer->bytes, request->type, request->request, request->value, request->index,
                              request->length);
    if (request->data != NULL && request->length > 0)
        memcpy(transfer->bytes + LIBUSB_CONTROL_SETUP_SIZE, request->data, request->length);
    libusb_fill_control_transfer(transfer->transfer, handle->handle, transfer->bytes, on_back, transfer, timeout_ms);
    return submit(transfer, err);
}

bool usb_listen(struct usb_handle *handle, uint8_t endpoint, size_t length, size_t count, usb_done_fn *done,
                struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct usb_transfer *transfer = new_transfer(handle, length, done);
        libusb_fill_interrupt_transfer(transfer->transfer, handle->handle, endpoint, transfer->bytes, (int)length,
                                       on_back, transfer, 0);
        if (!submit(transfer, err))
            return false;
    }
    return true;
}

bool usb_bulk(struct usb_handle *handle, uint8_t endpoint, const void *bytes, size_t length, unsigned timeout_ms,
              usb_done_fn *done, struct error *err)
{
    struct usb_transfer *transfer = new_transfer(handle, length, done);
    if (bytes != NULL)
        memcpy(transfer->bytes, bytes, length);
    libusb_fill_bulk_transfer(transfer->transfer, handle->handle, endpoint, transfer->bytes, (int)length, on_back,
                              transfer, timeout_ms);
    return submit(transfer, err);
}

static bool goes_on(const struct usb_transfer *transfer)
{
    enum libusb_transfer_status status = transfer->transfer->status;
    return transfer->transfer->type == LIBUSB_TRANSFER_TYPE_INTERRUPT &&
           (status == LIBUSB_TRANSFER_COMPLETED || status == LIBUSB_TRANSFER_OVERFLOW);
}

static void finish_close(struct usb_handle *handle)
{
    struct usb_handle **at = &handle->transfers->handles;
    while (*at != handle)
        at = &(*at)->next;
    *at = handle->next;
    for (int number = 0; handle->claimed != 0; number++)
        usb_release(handle, number);
    libusb_close(handle->handle);
    if (handle->closed != NULL)
        handle->closed(handle->context);
    free(handle);
}

static void tell(struct usb_transfer *transfer, enum libusb_transfer_status status)
{
    bool is_control = transfer->transfer->type == LIBUSB_TRANSFER_TYPE_CONTROL;
    struct usb_result result = {.status = status,
                                .bytes = transfer->bytes + (is_control ? LIBUSB_CONTROL_SETUP_SIZE : 0),
                                .length = (size_t)transfer->transfer->actual_length};
    transfer->done(transfer->handle->context, &result);
}

/* A report that was there before the close still counts, if somebody waits for the close. */
static bool is_wanted(const struct usb_transfer *transfer)
{
    const struct usb_handle *handle = transfer->handle;
    return !handle->is_closing || (handle->closed != NULL && goes_on(transfer));
}

/* done may close the handle; it stays until its last transfer is freed here. */
static void hand_out(struct usb_transfer *transfer)
{
    struct usb_handle *handle = transfer->handle;
    if (is_wanted(transfer))
        tell(transfer, transfer->transfer->status);
    if (!handle->is_closing && goes_on(transfer)) {
        if (libusb_submit_transfer(transfer->transfer) == 0)
            return;
        tell(transfer, LIBUSB_TRANSFER_NO_DEVICE);
    }
    free_transfer(transfer);
    if (handle->is_closing && handle->in_flight == NULL)
        finish_close(handle);
}

void usb_transfers_run(struct usb_transfers *transfers)
{
    while (transfers->first != NULL) {
        struct usb_transfer *transfer = transfers->first;
        transfers->first = transfer->next_back;
        if (transfers->first == NULL)
            transfers->last = &transfers->first;
        hand_out(transfer);
    }
    for (struct usb_handle *handle = transfers->handles, *next; handle != NULL; handle = next) {
        next = handle->next;
        if (handle->is_closing && handle->in_flight == NULL)
            finish_close(handle);
    }
}

void usb_close(struct usb_handle *handle, void (*closed)(void *context))
{
    handle->is_closing = true;
    handle->closed = closed;
    for (struct usb_transfer *transfer = handle->in_flight; transfer != NULL; transfer = transfer->next)
        libusb_cancel_transfer(transfer->transfer); /* fails on those that are back already */
    loop_post(handle->transfers->work);
}

bool usb_transfers_close_all(struct usb_transfers *transfers)
{
    for (struct usb_handle *handle = transfers->handles; handle != NULL; handle = handle->next)
        if (!handle->is_closing || handle->closed != NULL)
            usb_close(handle, NULL);
    usb_transfers_run(transfers);
    return transfers->handles == NULL;
}

const char *usb_status_text(enum libusb_transfer_status status)
{
    static const char *const texts[] = {
        [LIBUSB_TRANSFER_COMPLETED] = "done",         [LIBUSB_TRANSFER_ERROR] = "transfer failed",
        [LIBUSB_TRANSFER_TIMED_OUT] = "no answer",    [LIBUSB_TRANSFER_CANCELLED] = "cancelled",
        [LIBUSB_TRANSFER_STALL] = "refused (stall)",  [LIBUSB_TRANSFER_NO_DEVICE] = "device gone",
        [LIBUSB_TRANSFER_OVERFLOW] = "report too long"};
    return (size_t)status < COUNT_OF(texts) ? texts[status] : "unknown status";
}
