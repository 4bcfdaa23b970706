/* SPDX-License-Identifier: Apache-2.0 */
/* A device that is a printer: its bytes go to a fake printer, whose answers wait to be read. */
#include "tests/usb/mock_private.h"

#include <errno.h>
#include <string.h>

#define SETUP_SIZE 8
#define CLASS_IN_FROM_INTERFACE 0xA1
#define GET_DEVICE_ID 0

/* False: there is nothing to take. */
static bool take_output(struct mock_device *device)
{
    struct mock_urb *urb = mock_waiting_on(device, 0x01);
    if (urb == NULL || device->printer == NULL)
        return false;
    bool goes_on = fake_printer_receive(device->printer, urb->buffer->data, urb->buffer_length, &device->answers);
    if (goes_on)
        mock_finish(urb, 0, 0, NULL, 0);
    urb->reply_length = goes_on ? urb->buffer_length : 0;
    if (!goes_on)
        mock_vanish(device);
    return true;
}

static void give_answers(struct mock_device *device)
{
    struct mock_urb *urb;
    while (device->answers.length > 0 && (urb = mock_waiting_on(device, 0x81)) != NULL) {
        size_t length = device->answers.length < urb->buffer_length ? device->answers.length : urb->buffer_length;
        mock_finish(urb, 0, 0, (const uint8_t *)device->answers.data, length);
        buffer_consume(&device->answers, length);
    }
}

void mock_print(struct mock_device *device)
{
    while (!device->is_blocked && take_output(device))
        ;
    give_answers(device);
}

bool mock_tell_device_id(struct mock_device *device, struct mock_urb *urb, const uint8_t *setup, size_t wanted)
{
    const char *id = device->model->interfaces[0].device_id;
    if (id == NULL || setup[0] != CLASS_IN_FROM_INTERFACE || setup[1] != GET_DEVICE_ID)
        return false;
    uint8_t bytes[1024] = {0};
    size_t length = strlen(id) + 2;
    bytes[0] = (uint8_t)(length >> 8);
    bytes[1] = (uint8_t)length;
    memcpy(bytes + 2, id, length - 2);
    mock_finish(urb, id[0] == '\0' ? -EPIPE : 0, SETUP_SIZE, bytes, length < wanted ? length : wanted);
    return true;
}

void mock_hold(struct mock_device *device)
{
    g_mutex_lock(&device->lock);
}

void mock_release(struct mock_device *device)
{
    mock_match(device);
    g_mutex_unlock(&device->lock);
}

void mock_printer(struct mock_device *device, struct fake_printer *printer)
{
    mock_hold(device);
    device->printer = printer;
    mock_release(device);
}

void mock_block(struct mock_device *device, bool is_blocked)
{
    mock_hold(device);
    device->is_blocked = is_blocked;
    mock_release(device);
}

bool mock_take(struct mock_device *device)
{
    mock_hold(device);
    bool was_there = take_output(device);
    mock_release(device);
    return was_there;
}
