/* SPDX-License-Identifier: Apache-2.0 */
/* A printer on USB with the spool above it: labels come out once, or the job says that nobody knows. */
#include "base/text.h"
#include "tests/support/suite.h"
#include "tests/usb/printer_house.h"

#include <string.h>

#define PRINTER(id) {0x0a5f, 0x0166, 1, {{.device_id = (id)}}}
static const struct mock_model zebra =
    PRINTER("MANUFACTURER:Zebra Technologies ;COMMAND SET:ZPL;MODEL:ZTC ZD220-203dpi ZPL;"
            "SN:D2J1;CLASS:PRINTER;");
static const struct mock_model other_zebra =
    PRINTER("MFG:Zebra Technologies;CMD:EPL,ZPL;MDL:ZTC ZD220-203dpi ZPL;SN:D2J2;");
static const struct mock_model office = PRINTER("MFG:HP;CMD:PCL,PJL,POSTSCRIPT;MDL:LaserJet;CLS:PRINTER;");
static const struct mock_model nameless = PRINTER("");

/* ---- what goes well ---- */

static void a_label_comes_out_once_and_is_known_to(void)
{
    house_begin("usb://1-1.4", false);
    house_plug("1-1.4", &zebra, FAULT_NONE);
    house_run_until(house_is_ready);
    house_print_label(10);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    CU_ASSERT_EQUAL(house.fake.stray, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(house_row().identity, "usb:1-1.4/ZTC ZD220-203dpi ZPL/D2J1 "));
    CU_ASSERT_EQUAL(mock_count(house.device).claimed[0], 1);
    house_end();
}

static void labels_before_the_printer_are_printed_when_it_comes(void)
{
    house_begin("usb://zd220/d2j1", false);
    house_print_label(10);
    house_plug("1-2", &zebra, FAULT_NONE);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(house_row().identity, "usb:/ZTC")); /* wherever it is plugged in */
    house_end();
}

static bool has_taken(void)
{
    return mock_take(house.device);
}

/* The chunk that waits is all that is out; the rest follows as it is taken. */
static void a_printer_that_reads_slowly_gets_all_of_it_once(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &zebra, FAULT_NONE);
    house_run_until(house_is_ready);
    mock_block(house.device, true);
    house_print_label(20000);
    house_run_until(house_is_sending);
    for (int chunk = 0; chunk < 4; chunk++) { /* the label has five */
        int64_t before = house.fake.received;
        house_run_until(has_taken);
        CU_ASSERT_TRUE(house.fake.received - before <= 4096);
        CU_ASSERT_EQUAL(house_came_out(), 0);
        CU_ASSERT_TRUE(house_is_sending());
    }
    mock_block(house.device, false);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    house_end();
}

static void a_printer_that_refuses_its_id_is_believed_at_its_port(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &nameless, FAULT_NONE);
    house_print_label(10);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    house_end();
}

static void the_kernels_driver_gets_it_back(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &zebra, FAULT_NONE);
    house_run_until(house_is_ready);
    house.printing = printing_free(house.printing);
    house.usb = usb_free(house.usb);
    CU_ASSERT_EQUAL(mock_count(house.device).released[0], 1);
    CU_ASSERT_EQUAL(mock_count(house.device).bound_again[0], 1);
    house_end();
}

/* ---- which one it is ---- */

static void another_printer_is_left_alone(void)
{
    house_begin("usb://ZD220/D2J1", false);
    struct mock_device *laser = mock_plug(house.bus, "1-1", &office, FAULT_NONE);
    struct mock_device *second = mock_plug(house.bus, "1-2", &other_zebra, FAULT_NONE);
    struct mock_device *mute = mock_plug(house.bus, "1-4", &nameless, FAULT_NONE);
    house_plug("1-3", &zebra, FAULT_NONE);
    house_print_label(10);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    mock_unplug(laser);
    mock_unplug(second);
    mock_unplug(mute);
    house_end();
}

static bool is_asked(void)
{
    return mock_count(house.device).released[0] > 0;
}

static void a_printer_without_zpl_gets_no_byte(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &office, FAULT_NONE);
    house_print_label(10);
    house_run_until(is_asked);
    CU_ASSERT_TRUE(house_is_state(JOB_QUEUED));
    CU_ASSERT_EQUAL(house.fake.received, 0);
    CU_ASSERT_STRING_EQUAL(house_status().state, "down");
    house_end();
}

static void a_busy_printer_is_tried_again(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &zebra, FAULT_BUSY_ONCE);
    house_print_label(10);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(mock_count(house.device).opened, 2);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    house_end();
}

/* ---- what goes wrong ---- */

static void paper_out_waits_for_paper(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &zebra, FAULT_NONE);
    house_set_fault(FAKE_PAPER_OUT, true);
    house_print_label(10);
    house_run_until(house_is_paper_out);
    CU_ASSERT_TRUE(house_is_state(JOB_QUEUED));
    house_set_fault(FAKE_PAPER_OUT, false);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    house_end();
}

static void a_silent_printer_keeps_its_label_to_itself(void)
{
    house_begin("usb://1-1", false);
    house_plug("1-1", &zebra, FAULT_NONE);
    house_run_until(house_is_ready);
    house_set_fault(FAKE_SILENT, true);
    house_print_label(10);
    house_run_until(house_needs_attention);
    CU_ASSERT_STRING_EQUAL(house_row().reason, "silent");
    house_set_fault(FAKE_SILENT, false);
    house_run_until(house_is_printed);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    house_end();
}

static void a_printer_that_never_answers_gets_its_labels(void)
{
    house_begin("usb://1-1", false);
    fake_printer_set(&house.fake, FAKE_SILENT, true);
    house_plug("1-1", &zebra, FAULT_NONE);
    house_print_label(10);
    house_run_until(house_is_sent);
    CU_ASSERT_EQUAL(house_came_out(), 1);
    house_end();
}

/* The cable comes out at byte `at` of the label and goes in again; ret = the labels that came out. */
static int64_t cut_at(int64_t at, bool counter_safe, const struct mock_model *back, bool (*until)(void))
{
    house_begin("usb://1-1", counter_safe);
    house_plug("1-1", &zebra, FAULT_NONE);
    house_run_until(house_is_ready);
    mock_hold(house.device);
    house.fake.reset_at = house.fake.received + at;
    mock_release(house.device);
    house_print_label(100);
    house_run_until(house_needs_attention);
    house_unplug();
    house.fake.reset_at = -1;
    CU_ASSERT_STRING_EQUAL(house_row().reason, "down");
    house_plug("1-1", back, FAULT_NONE);
    house_run_until(until);
    return house_came_out();
}

static void unplugged_in_mid_label_it_is_never_sent_again_on_a_guess(void)
{
    CU_ASSERT_EQUAL(cut_at(40, false, &zebra, house_is_unknown), 0);
    CU_ASSERT_STRING_EQUAL(house_row().reason, "counter_unsafe");
    house_end();
}

static void unplugged_in_mid_label_it_is_sent_again_where_the_counter_proves_it(void)
{
    CU_ASSERT_EQUAL(cut_at(40, true, &zebra, house_is_printed), 1);
    house_end();
}

static void unplugged_behind_the_label_its_counter_tells(void)
{
    CU_ASSERT_EQUAL(cut_at(128, false, &zebra, house_is_printed), 1); /* behind ^XZ */
    house_end();
}

static void another_printer_at_the_port_is_no_witness(void)
{
    CU_ASSERT_EQUAL(cut_at(40, true, &other_zebra, house_is_unknown), 0);
    CU_ASSERT_STRING_EQUAL(house_row().reason, "other_printer");
    house_end();
}

int main(void)
{
    static const struct suite_test tests[] = {
        {"a label comes out once and is known to", a_label_comes_out_once_and_is_known_to},
        {"labels before the printer are printed when it comes", labels_before_the_printer_are_printed_when_it_comes},
        {"a printer that reads slowly gets all of it once", a_printer_that_reads_slowly_gets_all_of_it_once},
        {"a printer that refuses its id is believed at its port",
         a_printer_that_refuses_its_id_is_believed_at_its_port},
        {"the kernel's driver gets it back", the_kernels_driver_gets_it_back},
        {"another printer is left alone", another_printer_is_left_alone},
        {"a printer without ZPL gets no byte", a_printer_without_zpl_gets_no_byte},
        {"a busy printer is tried again", a_busy_printer_is_tried_again},
        {"paper out waits for paper", paper_out_waits_for_paper},
        {"a silent printer keeps its label to itself", a_silent_printer_keeps_its_label_to_itself},
        {"a printer that never answers gets its labels", a_printer_that_never_answers_gets_its_labels},
        {"unplugged in mid label, it is never sent again on a guess",
         unplugged_in_mid_label_it_is_never_sent_again_on_a_guess},
        {"unplugged in mid label, it is sent again where the counter proves it",
         unplugged_in_mid_label_it_is_sent_again_where_the_counter_proves_it},
        {"unplugged behind the label, its counter tells", unplugged_behind_the_label_its_counter_tells},
        {"another printer at the port is no witness", another_printer_at_the_port_is_no_witness}};
    if (!mock_is_possible())
        return 77;
    return suite_run("usb/printer", tests, sizeof tests / sizeof tests[0]);
}
