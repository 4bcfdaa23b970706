/* SPDX-License-Identifier: Apache-2.0 */
/* What the people of a warehouse set: one file, its drop-ins, and an embedded default that needs neither. */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include "base/error.h"
#include "daemon/core/model.h"
#include "protocol/barcode/classify.h"
#include "protocol/hid/decoder.h"

#include <stdio.h>

#define CONFIG_PATH_SIZE 256
#define CONFIG_URI_SIZE (CONFIG_PATH_SIZE + 64)
#define CONFIG_HOST_SIZE 46 /* an IPv6 address */
#define CONFIG_TEXT_SIZE 33 /* what the decoder takes in front of or behind a scan */
#define CONFIG_NAMES_SIZE 256
#define CONFIG_LANES 32
#define CONFIG_SCANNERS 64
#define CONFIG_PRINTERS 32
#define CONFIG_EXIT_STATUS 78 /* exit status for a bad configuration; the unit does not restart on it */
#define CONFIG_OFF "off"
#define CONFIG_ANY "any"
#define CONFIG_USB_PORT_SIZE 36 /* "255-255.255…" */

struct config_lane {
    char name[KEY_SIZE];
    enum lane_mode mode;
    char location[KEY_SIZE]; /* "" = labelled goods have no place yet */
    char printer[KEY_SIZE];  /* always the name of a printer below */
    char spare[KEY_SIZE];    /* a printer for when that one cannot; "" = none */
    bool badge;              /* an operator must sign in first */
    bool hold_hazmat;        /* parcels of dangerous goods are held when they arrive */
    int pending_labels;      /* units of a parcel that may wait for their labels at once */
    bool training;           /* its scans are lessons */
};

struct config_scanner {
    char name[KEY_SIZE];
    char lane[KEY_SIZE];           /* always the name of a lane above */
    char port[CONFIG_USB_PORT_SIZE]; /* of USB, or CONFIG_ANY */
    char replay[CONFIG_PATH_SIZE]; /* "" = a real scanner */
    char layout[8];
    char prefix[CONFIG_TEXT_SIZE], suffix[CONFIG_TEXT_SIZE], gs_text[CONFIG_TEXT_SIZE];
    int suffix_key, gs_key; /* HID usages; 0 = any suffix key, no GS key */
    bool strip_aim;
    int silence_ms; /* 0 = the decoder's own */
};

struct config_printer {
    char name[KEY_SIZE];
    char uri[CONFIG_URI_SIZE]; /* as printer_open takes it */
    int dpi;
    bool counter_power_safe; /* its label counter survives a loss of power */
    int max_age_minutes;     /* 0 = labels never are too old */
};

struct config {
    char site[KEY_SIZE], station[KEY_SIZE];
    int station_number; /* 0–999; 0 = demo */
    char uri[CONFIG_URI_SIZE]; /* https://, in front of the EPCIS names of this site's things */
    bool training;
    int log_level; /* syslog priority, for log_set_level */
    char state_directory[CONFIG_PATH_SIZE], runtime_directory[CONFIG_PATH_SIZE], data_directory[CONFIG_PATH_SIZE];
    char web_host[CONFIG_HOST_SIZE];
    int web_port;                        /* 0 = any free one, -1 = no page */
    int photo_max_mb;
    char feed_endpoint[CONFIG_URI_SIZE]; /* ipc:// and an absolute path, or CONFIG_OFF */
    char feed_tcp[CONFIG_URI_SIZE];      /* tcp://, or CONFIG_OFF */
    char feed_keys[CONFIG_PATH_SIZE];    /* directory */
    char feed_uplink[CONFIG_URI_SIZE];   /* tcp://, or CONFIG_OFF */
    char feed_live[CONFIG_URI_SIZE];     /* ipc:// and an absolute path, or CONFIG_OFF */
    char feed_required[CONFIG_NAMES_SIZE];
    int retention_days, disk_low_mb;
    struct classify_rules codes;
    struct config_lane lanes[CONFIG_LANES]; /* at least one */
    size_t lane_count;
    struct config_scanner scanners[CONFIG_SCANNERS];
    size_t scanner_count;
    struct config_printer printers[CONFIG_PRINTERS]; /* at least one */
    size_t printer_count;
};

/* Reads path, then conf.d/<name>.conf beside it in the order of their names; a later file overrides setting by setting.
 * path NULL: returnsd.conf in $CONFIGURATION_DIRECTORY, else in the installed place; it need not exist.
 * What no file says: $STATE_DIRECTORY, $RUNTIME_DIRECTORY and $RETURNSD_DATA for the directories, the host's name for
 * the station, one lane, one scanner on any port, one printer that writes files, and else the defaults of the table.
 * Paths come out absolute. Nothing but these files is looked at: directories, ports and devices may still be unusable.
 * Errors begin with <file>:<line> and say what is allowed. The result is about 60 KB: keep it off small stacks. */
bool config_load(const char *path, struct config *ret_config, struct error *err) MUST_CHECK;
/* Writes all of it as a commented file; read back, it is the same configuration. */
void config_print(const struct config *config, FILE *file);

enum config_help_format { CONFIG_HELP_MARKDOWN, CONFIG_HELP_MAN, CONFIG_HELP_FORMAT_COUNT };
/* The reference of all settings: docs/configuration.md and returnsd.conf(5). */
void config_help(enum config_help_format format, FILE *file);

/* How to decode what this scanner sends; the texts point into scanner. */
struct decoder_options config_decoder_options(const struct config_scanner *scanner);
/* The place of a name, or -1. */
int config_find_lane(const struct config *config, const char *name);
/* True where a scanner or a printer is on USB. */
bool config_needs_usb(const struct config *config);
int config_find_printer(const struct config *config, const char *name);

#endif
