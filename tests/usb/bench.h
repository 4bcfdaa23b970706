/* SPDX-License-Identifier: Apache-2.0 */
/* A loop, a mock bus and scanners on it. A test is a list of steps; a step is done once what it waits for is there. */
#ifndef TESTS_USB_BENCH_H
#define TESTS_USB_BENCH_H

#include "base/loop.h"
#include "drivers/scanner_usb.h"
#include "tests/usb/mock_bus.h"

#define BENCH_DEVICES_MAX 40

struct bench;
struct bench_step {
    void (*act)(struct bench *bench);   /* or NULL */
    const char *story;                  /* what scanners tell behind it; NULL = the condition below */
    bool (*until)(struct bench *bench); /* NULL and no story = at once */
};

struct bench {
    struct loop *loop;
    struct loop_source *guard, *check;
    struct mock_bus *bus;
    struct usb *usb;
    struct scanner_profiles profiles;
    struct scanner *scanners[2];
    struct mock_device *devices[BENCH_DEVICES_MAX];
    const struct bench_step *steps;
    size_t step, step_count, round;
    bool has_acted, timed_out;
    unsigned buffered; /* scans that may have been kept by the device */
    scan_fn *on_scan;  /* instead of the story; told the bench */
    char story[600]; /* of this step: "<device>=<text> ", "<device>+ " attached, "<device>- " detached */
};

/* A bench whose profiles list 0c2e:* as scanners that may type, and 0c2e:0007 as one in another mode. */
struct bench *bench_new(void);
/* port NULL = any. Scanners are told by their place. */
void bench_scanner(struct bench *bench, const char *name, const char *port);
void bench_run(struct bench *bench, const struct bench_step *steps, size_t count);
struct bench *bench_free(struct bench *bench);
void bench_plug(struct bench *bench, size_t place, const char *name, const struct mock_model *model,
                enum mock_fault fault);
void bench_unplug(struct bench *bench, size_t place);
/* Goes back to a step, for the next round. */
void bench_again(struct bench *bench, size_t step);

#define BENCH_RUN(bench, ...) \
    do { \
        static const struct bench_step steps_[] = {__VA_ARGS__}; \
        bench_run((bench), steps_, sizeof steps_ / sizeof steps_[0]); \
    } while (0)

/* ---- models: made up of the descriptors in tests/golden/scans ---- */
extern const struct mock_model model_pos, model_unlisted_pos, model_keyboard, model_unlisted_keyboard, model_composite,
    model_honeywell, model_unread, model_other_mode, model_beeper, model_serial, model_ibm;
/* Sends one whole scan, as HID POS or as keys of the US layout ("a" to "z" and "0" to "9", ended by Enter). */
void bench_scan_pos(struct mock_device *device, size_t interface, const char *text);
void bench_type(struct mock_device *device, size_t interface, const char *text);
/* The first of two parts. */
void bench_half_scan_pos(struct mock_device *device, size_t interface);

#endif
