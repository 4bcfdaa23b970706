/* SPDX-License-Identifier: Apache-2.0 */
/* A spool on a real database, and a printer on the mock bus behind it. One at a time. */
#ifndef TESTS_USB_PRINTER_HOUSE_H
#define TESTS_USB_PRINTER_HOUSE_H

#include "daemon/printing.h"
#include "daemon/store/records.h"
#include "drivers/usb.h"
#include "tests/support/fake_printer.h"
#include "tests/usb/mock_bus.h"

struct printer_house {
    char directory[64];
    struct loop *loop;
    struct usb *usb;
    struct store *store;
    struct printing *printing;
    struct mock_bus *bus;
    struct mock_device *device;
    struct fake_printer fake;
    int64_t last_job;
};
extern struct printer_house house;

void house_run_until(bool (*until)(void));
void house_begin(const char *uri, bool counter_safe);
void house_plug(const char *port, const struct mock_model *model, enum mock_fault fault);
void house_unplug(void);
void house_end(void);
void house_print_label(size_t filler);
struct job_row house_row(void);
bool house_is_state(enum job_state state);
bool house_is_printed(void);
bool house_is_sent(void);
bool house_is_unknown(void);
bool house_is_sending(void);
bool house_needs_attention(void);
struct printing_status house_status(void);
bool house_is_ready(void);
bool house_is_paper_out(void);
int64_t house_came_out(void);
void house_set_fault(enum fake_fault fault, bool on);

#endif
