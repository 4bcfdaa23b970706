/* SPDX-License-Identifier: Apache-2.0 */
/* returnsd: starts its modules in one order and stops them in exactly the reverse one. Only this file knows them all. */
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/devices.h"
#include "daemon/link.h"
#include "daemon/photos.h"
#include "daemon/rulebook.h"
#include "daemon/scanning.h"
#include "daemon/station.h"
#include "drivers/usb.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

const char *argp_program_version = "returnsd " RETURNSD_VERSION;

struct daemon {
    struct config config;
    struct station_lane lanes[CONFIG_LANES];
    struct loop *loop;
    struct usb *usb; /* scanners and printers share it; NULL: nobody needs it, or this machine has none */
    struct catalog *catalog;
    struct label_set *labels;
    struct store *store;
    struct link *link;
    struct rulebook *rulebook;
    struct printing *printing;
    struct station *station;
    struct importer *importer;
    struct web_server *web;
    struct scanning *scanning;
    struct command *command;
    struct devices *devices;
    struct photos *photos;
};

/* directory/name, until the next call. */
static const char *path_in(const char *directory, const char *name)
{
    static char path[CONFIG_PATH_SIZE + 64];
    TEXT_FORMAT(path, "%s/%s", directory, name);
    return path;
}

/* ---- what one module tells another ---- */

static void screens_changed(void *context)
{
    struct daemon *daemon = context;
    if (daemon->command != NULL)
        command_wake(daemon->command);
}

static bool before_commit(void *context, struct error *err)
{
    struct daemon *daemon = context;
    return daemon->link == NULL || link_ride(daemon->link, err);
}

static bool reserve_printer(void *context, const char *printer, int64_t *ret_counter, const char **ret_identity)
{
    struct daemon *daemon = context;
    return daemon->printing != NULL && printing_reserve(daemon->printing, printer, ret_counter, ret_identity);
}

static void committed(void *context)
{
    struct daemon *daemon = context;
    rulebook_follow(daemon->rulebook);
    station_wake_effects(daemon->station);
    printing_wake(daemon->printing);
    if (daemon->link != NULL)
        link_committed(daemon->link);
    screens_changed(daemon);
}

static void answered(void *context, const struct station_answer *answer)
{
    struct daemon *daemon = context;
    scanning_answered(daemon->scanning, answer);
}

/* ---- modules, in the order in which they start ---- */

static bool make_directory(const char *path, struct error *err)
{
    return mkdir(path, 0750) == 0 || errno == EEXIST || error_system(err, "cannot make %s", path);
}

static bool start_directories(struct daemon *daemon, struct error *err)
{
    return make_directory(daemon->config.state_directory, err) && make_directory(daemon->config.runtime_directory, err);
}

static bool start_loop(struct daemon *daemon, struct error *err)
{
    daemon->loop = loop_new(err);
    daemon->usb = daemon->loop != NULL && config_needs_usb(&daemon->config) ? usb_new_if_any(daemon->loop) : NULL;
    return daemon->loop != NULL;
}

static void stop_loop(struct daemon *daemon)
{
    daemon->usb = usb_free(daemon->usb);
    daemon->loop = loop_free(daemon->loop);
}

static bool start_texts(struct daemon *daemon, struct error *err)
{
    daemon->catalog = catalog_load(path_in(daemon->config.data_directory, "texts"), err);
    return daemon->catalog != NULL;
}

static void stop_texts(struct daemon *daemon)
{
    daemon->catalog = catalog_free(daemon->catalog);
}

static bool start_labels(struct daemon *daemon, struct error *err)
{
    daemon->labels = label_set_load(path_in(daemon->config.data_directory, "labels"), err);
    return daemon->labels != NULL;
}

static void stop_labels(struct daemon *daemon)
{
    daemon->labels = label_set_free(daemon->labels);
}

static bool start_rules(struct daemon *daemon, struct error *err)
{
    daemon->rulebook = rulebook_new(daemon->store, daemon->config.data_directory, err);
    return daemon->rulebook != NULL;
}

static void stop_rules(struct daemon *daemon)
{
    daemon->rulebook = rulebook_free(daemon->rulebook);
}

/* SIGHUP: labels, policies, checklists and known scanners are read again; where one is wrong, the last good ones stay. */
static void reload(void *context)
{
    struct daemon *daemon = context;
    struct error err = {0};
    struct label_set *before = daemon->labels;
    if (!rulebook_reload(daemon->rulebook, &err))
        log_write(LOG_ERR, "reload: policies and checklists stay as they were: %s", err.message);
    if (start_labels(daemon, &err)) {
        station_set_labels(daemon->station, daemon->labels);
        label_set_free(before);
    } else {
        daemon->labels = before;
        log_write(LOG_ERR, "reload: the labels stay as they were: %s", err.message);
    }
    scanning_reload(daemon->scanning);
    log_write(LOG_NOTICE, "reloaded");
}

static bool start_store(struct daemon *daemon, struct error *err)
{
    daemon->store = store_open(daemon->config.state_directory, err);
    return daemon->store != NULL && store_make_room(daemon->store, err);
}

static void stop_store(struct daemon *daemon)
{
    daemon->store = store_close(daemon->store);
}

static bool start_link(struct daemon *daemon, struct error *err)
{
    daemon->link = link_new(daemon->loop, daemon->store, &daemon->config, committed, daemon, err);
    return daemon->link != NULL;
}

static void stop_link(struct daemon *daemon)
{
    daemon->link = link_free(daemon->link);
}

static bool start_printing(struct daemon *daemon, struct error *err)
{
    daemon->printing = printing_new(daemon->loop, daemon->usb, daemon->store, screens_changed, daemon);
    printing_tell(daemon->printing, daemon->station);
    return printing_add_all(daemon->printing, &daemon->config, err);
}

static void stop_printing(struct daemon *daemon)
{
    daemon->printing = printing_free(daemon->printing);
}

static struct station_lane lane_of(struct daemon *daemon, const struct config_lane *config)
{
    struct station_lane lane = {
        .rules = {.station_number = daemon->config.station_number, .training = daemon->config.training || config->training,
                  .mode = config->mode, .badge_needed = config->badge, .hold_hazmat = config->hold_hazmat,
                  .pending_labels = config->pending_labels,
                  .policies = rulebook_policies(daemon->rulebook), .checklists = rulebook_checklists(daemon->rulebook)}};
    TEXT_COPY(lane.name, config->name);
    TEXT_COPY(lane.printer, config->printer);
    TEXT_COPY(lane.rules.location, config->location);
    lane.rules.dpi = daemon->config.printers[config_find_printer(&daemon->config, config->printer)].dpi;
    return lane;
}

static bool start_station(struct daemon *daemon, struct error *err)
{
    for (size_t i = 0; i < daemon->config.lane_count; i++)
        daemon->lanes[i] = lane_of(daemon, &daemon->config.lanes[i]);
    static char boot[BOOT_SIZE];
    clock_boot(boot);
    struct station_options options = {
        .site = daemon->config.site, .station = daemon->config.station, .version = RETURNSD_VERSION,
        .uri = daemon->config.uri, .lanes = daemon->lanes, .lane_count = daemon->config.lane_count,
        .classify = &daemon->config.codes, .catalog = daemon->catalog, .labels = daemon->labels,
        .demo = daemon->config.station_number == 0, .boot = boot, .ask_erp = link_ask_erp,
        .forget_erp = link_forget_erp, .has_erp = link_has_erp, .erp = daemon->link, .verify_ms = 5000, .reserve_printer = reserve_printer,
        .before_commit = before_commit, .committed = committed, .answered = answered, .context = daemon};
    daemon->station = station_new(daemon->loop, daemon->store, &options, err);
    return daemon->station != NULL;
}

static void stop_station(struct daemon *daemon)
{
    daemon->station = station_free(daemon->station);
}

static bool start_imports(struct daemon *daemon, struct error *err)
{
    daemon->importer = importer_new(daemon->loop, daemon->store, path_in(daemon->config.state_directory, "imports"), err);
    return daemon->importer != NULL;
}

static void stop_imports(struct daemon *daemon)
{
    daemon->importer = importer_free(daemon->importer);
}

static bool start_web(struct daemon *daemon, struct error *err)
{
    static const struct web_options web_options = {.keep_alive_ms = 1000}; /* so that screens see a hung daemon in 2 s */
    daemon->web = web_server_new(daemon->loop, &web_options, err);
    if (daemon->web == NULL)
        return false;
    struct command_options options = {.version = RETURNSD_VERSION,
                                      .site = daemon->config.site,
                                      .store = daemon->store,
                                      .station = daemon->station,
                                      .printing = daemon->printing,
                                      .importer = daemon->importer,
                                      .feed = link_feed(daemon->link), .retention = link_retention(daemon->link),
                                      .catalog = daemon->catalog};
    daemon->command = command_new(daemon->web, &options);
    daemon->scanning = scanning_new(daemon->loop, daemon->usb, &daemon->config, daemon->station, daemon->store);
    daemon->devices = devices_new(daemon->web, daemon->scanning, daemon->station, daemon->catalog);
    daemon->photos = photos_new(daemon->loop, daemon->web, &daemon->config, &options, err);
    return daemon->photos != NULL &&
           web_server_listen_unix(daemon->web, path_in(daemon->config.runtime_directory, "api.sock"), err) &&
           (daemon->config.web_port < 0 || web_server_listen_tcp(daemon->web, daemon->config.web_host,
                                                                 (uint16_t)daemon->config.web_port, NULL, err));
}

/* The server tells the others about each stream it closes, so it goes first. */
static void stop_web(struct daemon *daemon)
{
    daemon->web = web_server_free(daemon->web);
    daemon->photos = photos_free(daemon->photos);
    daemon->devices = devices_free(daemon->devices);
    daemon->scanning = scanning_free(daemon->scanning);
    daemon->command = command_free(daemon->command);
}

static bool start_record(struct daemon *daemon, struct error *err)
{
    return station_record(daemon->station, ACTION_START, "start", err);
}

static void stop_record(struct daemon *daemon)
{
    struct error err = {0};
    if (!station_record(daemon->station, ACTION_STOP, "stop", &err))
        log_write(LOG_ERR, "the stop is not recorded: %s", err.message);
}

static bool start_scanners(struct daemon *daemon, struct error *err)
{
    return scanning_start(daemon->scanning, err);
}

static void stop_scanners(struct daemon *daemon)
{
    scanning_stop(daemon->scanning);
}

static const struct {
    const char *name;
    bool (*start)(struct daemon *, struct error *);
    void (*stop)(struct daemon *); /* copes with a start that failed half-way */
} modules[] = {
    {"directories", start_directories, NULL},
    {"loop", start_loop, stop_loop},
    {"texts", start_texts, stop_texts},
    {"labels", start_labels, stop_labels},
    {"store", start_store, stop_store},
    {"link", start_link, stop_link},
    {"rules", start_rules, stop_rules},
    {"station", start_station, stop_station},
    {"printing", start_printing, stop_printing},
    {"imports", start_imports, stop_imports},
    {"web", start_web, stop_web},
    {"record", start_record, stop_record},
    {"scanners", start_scanners, stop_scanners},
};

static void stop_modules(struct daemon *daemon, size_t count)
{
    while (count-- > 0)
        if (modules[count].stop != NULL)
            modules[count].stop(daemon);
}

/* The exit status. What cannot start cannot start the next time either, unless somebody mends it. */
static int run(struct daemon *daemon, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(modules); i++) {
        if (!modules[i].start(daemon, err)) {
            stop_modules(daemon, i + (modules[i].start != start_record));
            return CONFIG_EXIT_STATUS;
        }
    }
    loop_on_reload(daemon->loop, reload, daemon);
    log_write(LOG_NOTICE, "returnsd %s: station %s is ready", RETURNSD_VERSION, daemon->config.station);
    sd_notify(0, "READY=1");
    int status = loop_run(daemon->loop, err) ? EXIT_SUCCESS : EXIT_FAILURE;
    sd_notify(0, "STOPPING=1");
    stop_modules(daemon, COUNT_OF(modules));
    return status;
}

/* ---- the command line ---- */

struct arguments {
    const char *config;
    bool print, check;
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    if (key == 'c')
        arguments->config = value;
    else if (key == 'p')
        arguments->print = true;
    else if (key == 'k')
        arguments->check = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static const struct argp_option option_table[] = {
    {"config", 'c', "FILE", 0, "read this configuration instead of /etc/returnsd/returnsd.conf", 0},
    {"print-config", 'p', NULL, 0, "print the configuration in force and exit", 0},
    {"check-config", 'k', NULL, 0, "check the configuration and exit", 0},
    {0},
};

int main(int argc, char **argv)
{
    static const char doc[] = "The daemon of a returns receiving station.\vIt exits with 78 if it cannot start as configured.";
    static const struct argp argp = {.options = option_table, .parser = parse_option, .doc = doc};
    struct arguments arguments = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    umask(0027);
    struct daemon *daemon = memory_new(1, sizeof *daemon);
    struct error err = {0};
    int status = EXIT_SUCCESS;
    if (!config_load(arguments.config, &daemon->config, &err))
        status = CONFIG_EXIT_STATUS;
    else if (arguments.print)
        config_print(&daemon->config, stdout);
    else if (!arguments.check) {
        log_set_level(daemon->config.log_level);
        status = run(daemon, &err);
    }
    if (status != EXIT_SUCCESS)
        log_write(LOG_ERR, "%s", err.message);
    free(daemon);
    return status;
}
