/* SPDX-License-Identifier: Apache-2.0 */
/* Every setting there is. The parser, the printed configuration, docs/configuration.md and returnsd.conf(5) follow it.
 */
#include "daemon/config_private.h"

#include "base/memory.h"
#include "daemon/photo_file.h"

#include <stddef.h>
#include <syslog.h>

#define NAMED(member, most, count) \
    .offset = offsetof(struct config, member), .element_size = sizeof(((struct config *)NULL)->member[0]), \
    .max = (most), .count_offset = offsetof(struct config, count)

const struct section_shape config_sections[SECTION_COUNT] = {
    [SECTION_STATION] = {.name = "station", .help = "Who this station is."},
    [SECTION_DIRECTORIES] = {.name = "directories", .help = "Where things are. Under systemd the unit sets these."},
    [SECTION_WEB] = {.name = "web", .help = "The page and the API on this machine."},
    [SECTION_FEED] = {.name = "feed", .help = "The feed of events for the ERP."},
    [SECTION_CODES] = {.name = "codes", .help = "The forms of codes that only this site knows. In a pattern # is a "
        "digit, @ a letter, ? either, {3} or {2,} how often, * the rest; luhn:, gs1: or mod97: in front asks for a "
        "check digit. "
        "A list replaces the default list, {} empties it."},
    [SECTION_LANE] = {.name = "lane", .help = "A place of work with its scanner and printer. Without any lane section "
        "there is one lane, lane-1, in mode combined with location LANE-1.",
        NAMED(lanes, CONFIG_LANES, lane_count)},
    [SECTION_SCANNER] = {.name = "scanner", .help = "A scanner and how to read what it sends. Without any "
        "scanner section there is one scanner, scanner, on any port.",
        NAMED(scanners, CONFIG_SCANNERS, scanner_count)},
    [SECTION_PRINTER] = {.name = "printer", .help = "A label printer that understands ZPL. Without any printer section "
        "there is one printer, labels, that writes files.",
        NAMED(printers, CONFIG_PRINTERS, printer_count)},
};

static const struct setting_word modes[] = {
    {"dock", LANE_DOCK}, {"bench", LANE_BENCH}, {"combined", LANE_COMBINED}, {NULL, 0}};
static const struct setting_word levels[] = {
    {"err", LOG_ERR}, {"warning", LOG_WARNING}, {"notice", LOG_NOTICE}, {"info", LOG_INFO}, {"debug", LOG_DEBUG},
    {NULL, 0}};
static const struct setting_word off[] = {{CONFIG_OFF, -1}, {NULL, 0}};
static const struct setting_word feed_forms[] = {{"ipc://", 1}, {CONFIG_OFF, 0}, {NULL, 0}};
static const struct setting_word web_forms[] = {{"https://", 0}, {"http://", 0}, {NULL, 0}};
static const struct setting_word tcp_forms[] = {{"tcp://", 0}, {CONFIG_OFF, 0}, {NULL, 0}};
static const struct setting_word printer_forms[] = {{"tcp://", 0}, {"usb://", 2}, {"file:", 1}, {NULL, 0}};
static const struct setting_word ports[] = {{CONFIG_ANY, 0}, {NULL, 0}};
static const struct setting_word layouts[] = {{"us", 0}, {"gb", 0}, {"fr", 0}, {"be", 0}, {"de", 0}, {"ch", 0},
                                              {"es", 0}, {"it", 0}, {"pt", 0}, {NULL, 0}};
static const struct setting_word heads[] = {{"152", 152}, {"203", 203}, {"300", 300}, {"600", 600}, {NULL, 0}};
static const struct setting_word suffix_keys[] = {
    {"any", 0}, {"enter", 0x28}, {"keypad-enter", 0x58}, {"tab", 0x2B}, {NULL, 0}};
static const struct setting_word gs_keys[] = {
    {"none", 0},  {"f1", 0x3A}, {"f2", 0x3B}, {"f3", 0x3C},  {"f4", 0x3D},  {"f5", 0x3E},  {"f6", 0x3F},
    {"f7", 0x40}, {"f8", 0x41}, {"f9", 0x42}, {"f10", 0x43}, {"f11", 0x44}, {"f12", 0x45}, {NULL, 0}};

#define IN(section_, name_, struct_, member) \
    .section = (section_), .name = (name_), .offset = offsetof(struct struct_, member), \
    .size = sizeof(((struct struct_ *)NULL)->member)

const struct setting config_settings[] = {
    {IN(SECTION_STATION, "site", config, site), .type = SETTING_NAME, .least = 1, .value = "site",
     .help = "The site, as events name it."},
    {IN(SECTION_STATION, "name", config, station), .type = SETTING_NAME, .least = 1, .value = "",
     .unsaid = "the host's name", .example = "dock-07",
     .help = "This station, as events and the feed name it. Unique within the site; never change it later."},
    {IN(SECTION_STATION, "number", config, station_number), .type = SETTING_NUMBER, .least = 0, .most = 999,
     .value = "0", .example = "7",
     .help = "The three digits in the numbers of its labels. Unique within the site; 0 is for demonstrations."},
    {IN(SECTION_STATION, "uri", config, uri), .type = SETTING_URI, .words = web_forms, .most = 120,
     .value = "https://returns.invalid", .example = "https://id.example.com",
     .help = "What the EPCIS names of parcels, units and places begin with: an address that is yours."},
    {IN(SECTION_STATION, "training", config, training), .type = SETTING_BOOLEAN, .value = "no",
     .help = "Every lane is a lesson: labels and events say so and no consumer takes them for goods."},
    {IN(SECTION_STATION, "log_level", config, log_level), .type = SETTING_WORD, .words = levels, .value = "info",
     .help = "Lines that matter less are not logged."},

    {IN(SECTION_DIRECTORIES, "state", config, state_directory), .type = SETTING_PATH, .most = 200,
     .unsaid = "$STATE_DIRECTORY, else /var/lib/returnsd", .example = "/var/lib/returnsd",
     .help = "The database, and what must survive a reboot."},
    {IN(SECTION_DIRECTORIES, "runtime", config, runtime_directory), .type = SETTING_PATH, .most = 80,
     .unsaid = "$RUNTIME_DIRECTORY, else /run/returnsd", .example = "/run/returnsd",
     .help = "Sockets. Short, because the kernel allows 107 bytes for the path of a socket."},
    {IN(SECTION_DIRECTORIES, "data", config, data_directory), .type = SETTING_PATH, .most = 200,
     .unsaid = "$RETURNSD_DATA, else as installed", .example = "/usr/share/returnsd",
     .help = "Texts, policies, label templates and the page, as installed."},

    {IN(SECTION_WEB, "host", config, web_host), .type = SETTING_LOOPBACK, .value = "127.0.0.1",
     .help = "The address to listen on. The page is for this machine only."},
    {IN(SECTION_WEB, "port", config, web_port), .type = SETTING_NUMBER, .least = 0, .most = 65535, .words = off,
     .value = "8321", .help = "0 takes any free port."},
    {IN(SECTION_WEB, "photo_max_mb", config, photo_max_mb), .type = SETTING_NUMBER, .least = 1, .most = PHOTO_MB_MOST,
     .value = "8", .help = "A photo of a unit or a parcel has at most so many MiB; a larger one is refused."},

    {IN(SECTION_FEED, "endpoint", config, feed_endpoint), .type = SETTING_URI, .words = feed_forms,
     .most = (int)sizeof("ipc://") - 1 + 107, .unsaid = "ipc://<runtime>/feed.sock",
     .example = "ipc:///run/returnsd/feed.sock", .note = "for tcp:// there is the setting tcp",
     .help = "The ZeroMQ endpoint that consumers connect to, on this machine. Its path has at most 107 bytes."},
    {IN(SECTION_FEED, "tcp", config, feed_tcp), .type = SETTING_URI, .words = tcp_forms, .most = 80,
     .value = CONFIG_OFF, .example = "tcp://*:5581",
     .help = "The endpoint for consumers on other machines: always encrypted, each with a key of its own."},
    {IN(SECTION_FEED, "keys", config, feed_keys), .type = SETTING_PATH, .most = 200, .unsaid = "<state>/keys",
     .example = "/var/lib/returnsd/keys",
     .help = "The directory of the station's keys and its consumers', kept with returnsctl keys."},
    {IN(SECTION_FEED, "uplink", config, feed_uplink), .type = SETTING_URI, .words = tcp_forms, .most = 80,
     .value = CONFIG_OFF, .example = "tcp://hub.example:5582",
     .help = "A hub that this station connects to, where nobody can connect to the station. Its key is uplink.key."},
    {IN(SECTION_FEED, "live", config, feed_live), .type = SETTING_URI, .words = feed_forms,
     .most = (int)sizeof("ipc://") - 1 + 107, .value = CONFIG_OFF, .example = "ipc:///run/returnsd/live.sock",
     .help = "A PUB socket with events as they happen, for dashboards: it loses what a reader is too slow for."},
    {IN(SECTION_FEED, "required", config, feed_required), .type = SETTING_TEXT, .most = CONFIG_NAMES_SIZE - 1,
     .value = "", .unsaid = "every consumer that was ever there", .example = "\"erp audit\"",
     .help = "The consumers that events are kept for until they have acknowledged them."},
    {IN(SECTION_FEED, "retention_days", config, retention_days), .type = SETTING_NUMBER, .least = 0, .most = 3650,
     .value = "30", .help = "Events stay so long at least, acknowledged or not; the carrier's label of an item so long after the "
             "item left."},
    {IN(SECTION_FEED, "disk_low_mb", config, disk_low_mb), .type = SETTING_NUMBER, .least = 0, .most = 1000000,
     .value = "500", .help = "Less room than this for the database is an alarm in the log and the status."},

    {IN(SECTION_CODES, "rma", config, codes.rma_patterns), .type = SETTING_PATTERNS,
     .example = "{ \"RMA-####-#####\" }", .help = "RMA numbers."},
    {IN(SECTION_CODES, "order", config, codes.order_patterns), .type = SETTING_PATTERNS, .example = "{ \"ORD-*\" }",
     .help = "Order numbers."},
    {IN(SECTION_CODES, "tracking", config, codes.tracking_patterns), .type = SETTING_CARRIERS,
     .example = "{ \"colissimo=[0-9]@#{11}\" }",
     .help = "Tracking numbers of carriers that have no check digit of their own, each behind its carrier's name."},

    {IN(SECTION_LANE, "mode", config_lane, mode), .type = SETTING_WORD, .words = modes, .value = "combined",
     .help = "dock receives parcels, bench inspects units, combined does both."},
    {IN(SECTION_LANE, "location", config_lane, location), .type = SETTING_NAME, .least = 0, .value = "",
     .unsaid = "none", .example = "LANE-1", .help = "Where labelled goods of this lane go."},
    {IN(SECTION_LANE, "printer", config_lane, printer), .type = SETTING_REFERENCE, .target = SECTION_PRINTER,
     .value = "", .unsaid = "the first printer", .example = "labels", .help = "The printer of its labels."},
    {IN(SECTION_LANE, "spare", config_lane, spare), .type = SETTING_REFERENCE, .target = SECTION_PRINTER, .value = "",
     .unsaid = "none", .example = "labels-2",
     .help = "The printer that stands in when the other one cannot print for 5 s, with the same dpi. It gets only "
             "labels of which no byte was sent."},
    {IN(SECTION_LANE, "badge", config_lane, badge), .type = SETTING_BOOLEAN, .value = "no",
     .help = "Nothing is accepted before an operator has scanned a badge."},
    {IN(SECTION_LANE, "hold_hazmat", config_lane, hold_hazmat), .type = SETTING_BOOLEAN, .value = "yes",
     .help = "A parcel whose RMA has a product of flag hazmat is held when it arrives, until a lead or the ERP lets it "
             "go on."},
    {IN(SECTION_LANE, "pending_labels", config_lane, pending_labels), .type = SETTING_NUMBER, .least = 1, .most = 9,
     .value = "1",
     .help = "How many items of a parcel may wait for their labels at once. With more than one the label is stuck after"
             " the item was scanned again."},
    {IN(SECTION_LANE, "training", config_lane, training), .type = SETTING_BOOLEAN, .value = "no",
     .help = "Its scans are lessons, as those of an operator in training: on a copy that is forgotten when the daemon "
             "stops."},

    {IN(SECTION_SCANNER, "lane", config_scanner, lane), .type = SETTING_REFERENCE, .target = SECTION_LANE, .value = "",
     .unsaid = "the first lane", .example = "lane-1", .help = "The lane its scans belong to."},
    {IN(SECTION_SCANNER, "port", config_scanner, port), .type = SETTING_USB_PORT, .words = ports, .value = CONFIG_ANY,
     .example = "1-2.4",
     .help =
         "The USB port that it is plugged into, as the log names it; what is there is read, keyboard or not. any "
         "takes all scanners that no other section takes: HID POS, or listed in scanners.conf; never another keyboard. "
         "Events then name each one <name>@<port>."},
    {IN(SECTION_SCANNER, "replay", config_scanner, replay), .type = SETTING_PATH, .most = CONFIG_PATH_SIZE - 1,
     .value = "", .unsaid = "none", .example = "/run/returnsd/scans",
     .help = "A recording or a FIFO to read instead of a device, for tests and demonstrations."},
    {IN(SECTION_SCANNER, "layout", config_scanner, layout), .type = SETTING_CHOICE, .words = layouts, .value = "us",
     .help = "Keyboard mode: the layout the scanner is set to, whatever this machine uses."},
    {IN(SECTION_SCANNER, "prefix", config_scanner, prefix), .type = SETTING_TEXT, .most = CONFIG_TEXT_SIZE - 1,
     .value = "", .unsaid = "none", .example = "\"~\"", .help = "Text that the scanner adds in front; it is removed."},
    {IN(SECTION_SCANNER, "suffix", config_scanner, suffix), .type = SETTING_TEXT, .most = CONFIG_TEXT_SIZE - 1,
     .value = "", .unsaid = "none", .example = "\"#\"", .help = "Text that the scanner adds behind; it is removed."},
    {IN(SECTION_SCANNER, "suffix_key", config_scanner, suffix_key), .type = SETTING_WORD, .words = suffix_keys,
     .value = "any", .help = "Keyboard mode: the key that ends a scan; any is Enter, keypad Enter or Tab."},
    {IN(SECTION_SCANNER, "gs_text", config_scanner, gs_text), .type = SETTING_TEXT, .most = CONFIG_TEXT_SIZE - 1,
     .value = "", .unsaid = "none", .example = "\"^]\"", .help = "Text that stands for the GS1 separator."},
    {IN(SECTION_SCANNER, "gs_key", config_scanner, gs_key), .type = SETTING_WORD, .words = gs_keys, .value = "none",
     .help = "Keyboard mode: the key that stands for the GS1 separator. Ctrl+] and Alt+029 always do."},
    {IN(SECTION_SCANNER, "strip_aim", config_scanner, strip_aim), .type = SETTING_BOOLEAN, .value = "no",
     .help = "The scanner sends the AIM identifier (such as ]C1) as text in front."},
    {IN(SECTION_SCANNER, "silence_ms", config_scanner, silence_ms), .type = SETTING_NUMBER, .least = 0, .most = 5000,
     .value = "0", .help = "Silence that ends a scan; 0 is 100 ms in keyboard mode, else 300 ms."},

    {IN(SECTION_PRINTER, "uri", config_printer, uri), .type = SETTING_URI, .words = printer_forms, .value = "",
     .unsaid = "file:<state>/<name>", .example = "tcp://192.0.2.20:9100",
     .help = "tcp:// with an IP address (port 9100 unless given), usb:// with a port such as usb://1-1.4 or with the "
             "model and serial number that the printer tells (usb://ZD220/D2J1234), or file: with a directory that "
             "gets one file "
             "per label."},
    {IN(SECTION_PRINTER, "dpi", config_printer, dpi), .type = SETTING_WORD, .words = heads, .value = "203",
     .help = "Dots per inch of the print head. A printer that says it has another one gets no labels."},
    {IN(SECTION_PRINTER, "counter_power_safe", config_printer, counter_power_safe), .type = SETTING_BOOLEAN,
     .value = "no",
     .help = "Its label counter keeps every label when the power fails. Only then is a label sent again after a lost "
             "connection when the counter stands where it was; else a person is asked whether it came out. A printer "
             "that is a "
             "directory always does."},
    {IN(SECTION_PRINTER, "max_age_minutes", config_printer, max_age_minutes), .type = SETTING_NUMBER, .least = 0,
     .most = 1440, .value = "60",
     .help = "A label that could not be sent for so long is void and shown so: nobody stands there any more to stick "
             "it. 0 = never."},
};
const size_t config_setting_count = COUNT_OF(config_settings);
_Static_assert(COUNT_OF(config_settings) <= CONFIG_SETTINGS_MAX, "raise CONFIG_SETTINGS_MAX");
