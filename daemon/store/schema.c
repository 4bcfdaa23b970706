/* SPDX-License-Identifier: Apache-2.0 */
/* The schema steps. Enumerations are stored as their words, so that the file can be read with any SQLite shell. */
#include "daemon/store/schema.h"

#include "daemon/store/sql.h"

#include <sodium.h>

static const char directory_tables[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE rma(rma TEXT PRIMARY KEY, version INTEGER NOT NULL, owner TEXT, channel TEXT, state TEXT, expect "
    "TEXT,"
    " customer_ref TEXT, country TEXT, lang TEXT, policy TEXT, requested_at INTEGER, authorised_at INTEGER,"
    " expires_on INTEGER, purchase_date INTEGER, delivery_date INTEGER, outcome TEXT, refund_timing TEXT,"
    " already_refunded INTEGER, return_paid_by TEXT, priority INTEGER, parcels_expected INTEGER, weight_g INTEGER,"
    " note TEXT, export_mrn TEXT, export_date INTEGER, duties_refundable INTEGER, customs_hold INTEGER) WITHOUT ROWID;"
    "CREATE TABLE rma_content(rma TEXT PRIMARY KEY, hash BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE rma_progress(rma TEXT PRIMARY KEY, receipt_recommended INTEGER NOT NULL DEFAULT 0,"
    " completed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE TABLE rma_ref(key TEXT, rma TEXT, kind TEXT, value TEXT NOT NULL, carrier TEXT NOT NULL,"
    " PRIMARY KEY(key, rma, kind)) WITHOUT ROWID;"
    "CREATE INDEX rma_ref_rma ON rma_ref(rma);"
    "CREATE TABLE rma_line(rma TEXT, line TEXT, position INTEGER, sku TEXT, gtin TEXT, qty INTEGER, uom TEXT,"
    " unit_price INTEGER, currency TEXT, serials_known INTEGER, serials TEXT, lots TEXT, reason TEXT, exchange_sku "
    "TEXT,"
    " exchange_qty INTEGER, kit_parent TEXT, title TEXT, flags INTEGER, hs_code TEXT, origin TEXT,"
    " received_elsewhere INTEGER, PRIMARY KEY(rma, line)) WITHOUT ROWID;"
    "CREATE TABLE product(sku TEXT PRIMARY KEY, gtin TEXT, name_en TEXT, name_fr TEXT, category TEXT, owner TEXT,"
    " track TEXT, flags INTEGER, hazmat_class TEXT, weight_g INTEGER, checklist TEXT, recall TEXT, recall_lots TEXT,"
    " recall_from TEXT, recall_to TEXT, recall_text TEXT, expiry_tracked INTEGER, version INTEGER) WITHOUT ROWID;"
    "CREATE TABLE product_code(key TEXT, sku TEXT, qty INTEGER NOT NULL, PRIMARY KEY(key, sku)) WITHOUT ROWID;"
    "CREATE TABLE operator(id TEXT PRIMARY KEY, badge TEXT UNIQUE, name TEXT NOT NULL, roles INTEGER NOT NULL,"
    " lang TEXT NOT NULL, training INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;";

#define PARCEL_COLUMNS                                                                                                 \
    "code TEXT, state TEXT, hold TEXT, verified INTEGER, rma TEXT, matched_by TEXT, scanned TEXT, carrier TEXT,"       \
    " priority INTEGER, received_at INTEGER, resumes TEXT, closed_at INTEGER"
#define UNIT_COLUMNS                                                                                                   \
    "lpn TEXT, generation INTEGER, generations INTEGER, parcel_id INTEGER, rma TEXT, line TEXT, sku TEXT, gtin TEXT, " \
    "serial TEXT, lot TEXT,"                                                                                           \
    " expiry TEXT, qty INTEGER, title TEXT, owner TEXT, state TEXT, grade TEXT, reason_declared TEXT,"                 \
    " reason_found TEXT, problem TEXT, verdict TEXT, reject_code TEXT, disposition TEXT, allowed INTEGER, needs_lead " \
    "INTEGER, policy TEXT,"                                                                                            \
    " policy_version INTEGER, decided_by TEXT, inspector TEXT, graded_at INTEGER,"                                     \
    " batch_id INTEGER, location TEXT, container TEXT, status TEXT, stock_moves INTEGER,"                              \
    " outcomes INTEGER, identified_at INTEGER"

static const char work_tables[] =
    "CREATE TABLE parcel(parcel_id INTEGER PRIMARY KEY, " PARCEL_COLUMNS ");"
    "CREATE UNIQUE INDEX parcel_code ON parcel(code);"
    "CREATE TABLE parcel_before(journal INTEGER, parcel_id INTEGER, " PARCEL_COLUMNS
    ", PRIMARY KEY(journal, parcel_id));"
    "CREATE INDEX parcel_here ON parcel(state) WHERE state IN ('arrived','open');"
    "CREATE TABLE parcel_alias(key TEXT, parcel_id INTEGER, kind TEXT, value TEXT, journal INTEGER,"
    " PRIMARY KEY(key, parcel_id)) WITHOUT ROWID;"
    "CREATE TABLE parcel_rma(parcel_id INTEGER, rma TEXT, journal INTEGER, PRIMARY KEY(parcel_id, rma)) WITHOUT ROWID;"
    "CREATE TABLE line_mark(rma TEXT, line TEXT, parcel_id INTEGER, fate TEXT NOT NULL, qty INTEGER NOT NULL,"
    " journal INTEGER NOT NULL, PRIMARY KEY(rma, line, parcel_id)) WITHOUT ROWID;"
    "CREATE INDEX line_mark_parcel ON line_mark(parcel_id);"
    "CREATE INDEX parcel_rma_rma ON parcel_rma(rma, parcel_id);"
    "CREATE TABLE unit(unit_id INTEGER PRIMARY KEY, " UNIT_COLUMNS ");"
    "CREATE UNIQUE INDEX unit_lpn ON unit(lpn);"
    "CREATE INDEX unit_line ON unit(rma, line);"
    "CREATE INDEX unit_parcel ON unit(parcel_id);"
    "CREATE INDEX unit_serial ON unit(serial, sku) WHERE serial <> '';"
    "CREATE TABLE unit_before(journal INTEGER, unit_id INTEGER, " UNIT_COLUMNS ", PRIMARY KEY(journal, unit_id));"
    "CREATE TABLE container(container_id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, state TEXT NOT NULL,"
    " disposition TEXT NOT NULL, owner TEXT NOT NULL, location TEXT NOT NULL, receiver TEXT NOT NULL);"
    "CREATE TABLE batch(batch_id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, state TEXT NOT NULL, reason TEXT NOT "
    "NULL,"
    " weight_g INTEGER NOT NULL, sealed_by TEXT NOT NULL, second TEXT NOT NULL, witness TEXT NOT NULL,"
    " certificate TEXT NOT NULL);"
    "CREATE INDEX unit_batch ON unit(batch_id) WHERE batch_id > 0;"
    "CREATE INDEX unit_container ON unit(container) WHERE container <> '';"
    "CREATE TABLE unit_trace(unit_id INTEGER PRIMARY KEY, trace TEXT NOT NULL);";

static const char record_tables[] =
    "CREATE TABLE session(lane TEXT PRIMARY KEY, mode TEXT, operator_id TEXT, parcel_id INTEGER, unit_id INTEGER,"
    " last_unit_id INTEGER, last_parcel_id INTEGER, container_id INTEGER, batch_id INTEGER, location TEXT, arrived_id "
    "INTEGER,"
    " graded_unit_id INTEGER, same_again INTEGER, stopped INTEGER, pending TEXT,"
    " pending_value TEXT, pending_code TEXT, pending_tick INTEGER, pending_id INTEGER, kept TEXT, run TEXT, "
    "last_device TEXT, last_code TEXT,"
    " last_tick INTEGER, last_signal TEXT, repeated INTEGER, last_journal INTEGER, last_message TEXT) WITHOUT ROWID;"
    "CREATE INDEX session_parcel ON session(parcel_id);"
    "CREATE TABLE journal(journal INTEGER PRIMARY KEY, at INTEGER NOT NULL, clock_unsure INTEGER NOT NULL, lane TEXT "
    "NOT NULL,"
    " operator_id TEXT NOT NULL, device TEXT NOT NULL, code BLOB NOT NULL, aim TEXT NOT NULL, action TEXT NOT NULL,"
    " signal TEXT NOT NULL, message TEXT NOT NULL, parcel_id INTEGER NOT NULL, unit_id INTEGER NOT NULL,"
    " undoable INTEGER NOT NULL, undoes INTEGER NOT NULL, lead TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT "
    "NULL);"
    "CREATE INDEX journal_lane ON journal(lane, journal);"
    "CREATE INDEX journal_unit ON journal(unit_id, journal) WHERE unit_id > 0;"
    "CREATE INDEX journal_parcel ON journal(parcel_id, journal) WHERE parcel_id > 0;"
    "CREATE INDEX journal_undoes ON journal(undoes) WHERE undoes > 0;"
    "CREATE TABLE event(sequence INTEGER PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, journal INTEGER NOT "
    "NULL,"
    " body TEXT NOT NULL);"
    "CREATE INDEX event_journal ON event(journal);"
    "CREATE TABLE consumer(name TEXT PRIMARY KEY, cursor INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE print_job(job_id INTEGER PRIMARY KEY, kind TEXT NOT NULL, unit_id INTEGER NOT NULL,"
    " parcel_id INTEGER NOT NULL, generation INTEGER NOT NULL, copy INTEGER NOT NULL, state TEXT NOT NULL,"
    " reason TEXT NOT NULL DEFAULT '', lane TEXT NOT NULL, printer TEXT NOT NULL, code TEXT NOT NULL,"
    " template_hash TEXT NOT NULL, zpl BLOB NOT NULL, counter INTEGER NOT NULL DEFAULT -1, identity TEXT NOT NULL "
    "DEFAULT '',"
    " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, journal INTEGER NOT NULL);"
    "CREATE INDEX print_job_open ON print_job(printer, job_id) WHERE state IN ('queued','sending','needs_attention');"
    "CREATE INDEX print_job_unit ON print_job(unit_id, job_id);"
    "CREATE INDEX print_job_parcel ON print_job(parcel_id, job_id);"
    "CREATE TABLE exception(exception INTEGER PRIMARY KEY, type TEXT NOT NULL, parcel_id INTEGER NOT NULL,"
    " unit_id INTEGER NOT NULL, lane TEXT NOT NULL, opened_at INTEGER NOT NULL, journal INTEGER NOT NULL,"
    " resolved_at INTEGER, resolved_by TEXT, how TEXT);"
    "CREATE INDEX exception_open ON exception(opened_at) WHERE resolved_at IS NULL;";

/* What the ERP told by PUT: the newest of each kind and key. */
static const char inbound_tables[] =
    "CREATE TABLE inbound(kind TEXT, key TEXT, version INTEGER NOT NULL, hash BLOB NOT NULL, body TEXT NOT NULL,"
    " consumer TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;";

/* Streams of before a restore, and what consumers have not acknowledged of them. */
static const char stream_tables[] =
    "CREATE TABLE old_stream(ordinal INTEGER PRIMARY KEY, stream TEXT NOT NULL, last INTEGER NOT NULL);"
    "CREATE TABLE old_event(ordinal INTEGER, sequence INTEGER, type TEXT NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY(ordinal, sequence)) WITHOUT ROWID;"
    "CREATE TABLE old_cursor(ordinal INTEGER, name TEXT, cursor INTEGER NOT NULL, PRIMARY KEY(ordinal, name)) WITHOUT "
    "ROWID;";
#define INSPECTION_COLUMNS "checklist TEXT, checklist_version INTEGER, digits TEXT, answers TEXT"

/* What decisions were made by: answers of units, fees they bear, every version of a policy or checklist ever in force.
 */
static const char decision_tables[] =
    "CREATE TABLE inspection(unit_id INTEGER PRIMARY KEY, " INSPECTION_COLUMNS ");"
    "CREATE TABLE inspection_before(journal INTEGER, unit_id INTEGER, " INSPECTION_COLUMNS
    ", PRIMARY KEY(journal, unit_id));"
    "CREATE TABLE rma_fee(rma TEXT, unit_id INTEGER, fee TEXT, line TEXT NOT NULL, amount INTEGER NOT NULL,"
    " PRIMARY KEY(rma, unit_id, fee)) WITHOUT ROWID;"
    "CREATE TABLE rule_version(kind TEXT, id TEXT, version INTEGER, body TEXT NOT NULL, since INTEGER NOT NULL,"
    " PRIMARY KEY(kind, id, version)) WITHOUT ROWID;"
    "CREATE INDEX exception_unit ON exception(unit_id) WHERE unit_id > 0 AND resolved_at IS NULL;";

static bool step_first(struct store *store, struct error *err)
{
    unsigned char random[16];
    char stream[33];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(stream, sizeof stream, random, sizeof random);
    return sql_script(store, directory_tables, err) && sql_script(store, work_tables, err) &&
           sql_script(store, record_tables, err) && sql_script(store, inbound_tables, err) &&
           sql_script(store, stream_tables, err) && sql_script(store, decision_tables, err) &&
           sql_run(store, err, "INSERT INTO meta(name, value) VALUES('stream', ?)", "t", stream);
}

static const char counting_columns[] = "ALTER TABLE session ADD COLUMN counting TEXT NOT NULL DEFAULT 'not';"
                                       "ALTER TABLE session ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;";

/* Effects were numbered under the LPN that the unit had; one with a second LPN goes on under that. */
static const char key_columns[] = "ALTER TABLE unit ADD COLUMN key_lpn TEXT NOT NULL DEFAULT '';"
                                  "ALTER TABLE unit_before ADD COLUMN key_lpn TEXT NOT NULL DEFAULT '';"
                                  "UPDATE unit SET key_lpn = lpn;"
                                  "UPDATE unit_before SET key_lpn = lpn;";

/* Which unit took a label off a roll: an LPN is never reused, not after UNDO either. */
static const char roll_tables[] =
    "CREATE TABLE roll_label(lpn TEXT PRIMARY KEY, unit_id INTEGER NOT NULL) WITHOUT ROWID;";

static const char route_columns[] = "ALTER TABLE batch ADD COLUMN route TEXT NOT NULL DEFAULT 'none';";

/* Loads that the ERP announced or the dock opened, and which of them a parcel came with. */
#define LOAD_COLUMNS                                                                                                   \
    "code TEXT, sscc TEXT, carrier TEXT, state TEXT, announced INTEGER, expected INTEGER, opened_at INTEGER,"          \
    " closed_at INTEGER"
static const char load_tables[] =
    "CREATE TABLE load(load_id INTEGER PRIMARY KEY, " LOAD_COLUMNS ");"
    "CREATE UNIQUE INDEX load_code ON load(code COLLATE NOCASE);"
    "CREATE INDEX load_sscc ON load(sscc) WHERE sscc <> '';"
    "CREATE TABLE load_before(journal INTEGER, load_id INTEGER, " LOAD_COLUMNS ", PRIMARY KEY(journal, load_id));"
    "ALTER TABLE parcel ADD COLUMN load_id INTEGER DEFAULT 0;"
    "ALTER TABLE parcel_before ADD COLUMN load_id INTEGER DEFAULT 0;"
    "CREATE INDEX parcel_load ON parcel(load_id) WHERE load_id > 0;"
    "ALTER TABLE session ADD COLUMN load_id INTEGER DEFAULT 0;";

/* Effects that wait (effects.h), and lines that the ERP took away after units came. */
static const char effect_tables[] =
    "CREATE TABLE effect(effect_id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, unit_id INTEGER NOT NULL "
    "DEFAULT 0,"
    " parcel_id INTEGER NOT NULL DEFAULT 0, rma TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT 'none',"
    " disposition TEXT NOT NULL DEFAULT 'none', hold TEXT NOT NULL DEFAULT 'none', outcome TEXT NOT NULL DEFAULT '',"
    " reason TEXT NOT NULL DEFAULT '', failed INTEGER NOT NULL DEFAULT 0);"
    "ALTER TABLE rma_line ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX parcel_unverified ON parcel(parcel_id) WHERE verified = 0;"
    "CREATE INDEX unit_sku ON unit(sku);";

/* A photo is a step of the journal. Its file, which has the name of its hash, was on the disk before the row. */
static const char photo_tables[] =
    "CREATE TABLE photo(journal INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL,"
    " parcel_id INTEGER NOT NULL, unit_id INTEGER NOT NULL, operator_id TEXT NOT NULL, at INTEGER NOT NULL,"
    " removed INTEGER NOT NULL);"
    "CREATE INDEX photo_sha256 ON photo(sha256);"
    "CREATE INDEX photo_of ON photo(unit_id, parcel_id);";

/* Labels that the ERP sent for goods that leave, and places that it knows: what a PUT of before kept as its body. */
static const char erp_tables[] =
    "CREATE TABLE carrier_label(lpn TEXT PRIMARY KEY, zpl TEXT NOT NULL, dpi INTEGER NOT NULL, hash TEXT NOT NULL);"
    "CREATE TABLE place(code TEXT PRIMARY KEY, kind TEXT NOT NULL, disposition TEXT NOT NULL, owner TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "INSERT INTO carrier_label SELECT substr(key, 5), json_extract(body, '$.zpl'), 0, lower(hex(hash)) FROM inbound"
    " WHERE kind = 'label.zpl' AND key LIKE 'lpn/%' AND body <> '';"
    "INSERT INTO place SELECT key, json_extract(body, '$.kind'), coalesce(json_extract(body, '$.disposition'), 'none'),"
    " coalesce(json_extract(body, '$.owner'), '') FROM inbound WHERE kind = 'place.upsert' AND body <> '';"
    "UPDATE inbound SET body = '' WHERE kind IN ('label.zpl', 'place.upsert');"
    "CREATE INDEX unit_key_lpn ON unit(key_lpn) WHERE key_lpn <> lpn;"
    "CREATE INDEX print_job_carrier ON print_job(unit_id) WHERE kind = 'carrier' AND length(zpl) > 0;";

static bool step_second(struct store *store, struct error *err)
{
    static const char *const scripts[] = {
        counting_columns,
        key_columns,
        roll_tables,
        route_columns,
        effect_tables,
        load_tables,
        photo_tables,
        erp_tables,
    };
    for (size_t i = 0; i < COUNT_OF(scripts); i++)
        if (!sql_script(store, scripts[i], err))
            return false;
    return true;
}

static bool (*const steps[])(struct store *, struct error *) = {step_first, step_second};

static bool read_version(struct store *store, int64_t *ret_version, struct error *err)
{
    if (!sql_int64(store, err, 0, ret_version, "PRAGMA user_version", ""))
        return false;
    return *ret_version <= (int64_t)COUNT_OF(steps) ||
           error_set(err, ERROR_NEWER,
                     "the database has schema version %lld, this program knows %zu: install a newer returnsd",
                     (long long)*ret_version, COUNT_OF(steps));
}

bool schema_check(struct store *store, struct error *err)
{
    int64_t version;
    return read_version(store, &version, err) &&
           (version > 0 || error_set(err, ERROR_INVALID, "not a database of returnsd"));
}

bool schema_upgrade(struct store *store, struct error *err)
{
    int64_t version;
    if (!read_version(store, &version, err))
        return false;
    if (version == (int64_t)COUNT_OF(steps))
        return true;
    if (!sql_script(store, "BEGIN IMMEDIATE", err))
        return false;
    for (size_t i = (size_t)version; i < COUNT_OF(steps); i++) {
        if (!steps[i](store, err)) {
            sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
            return error_prefix(err, "schema step %zu", i + 1);
        }
    }
    char pragma[40]; /* a pragma takes no parameter; the number is ours */
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d", (int)COUNT_OF(steps));
    return sql_script(store, pragma, err) && sql_script(store, "COMMIT", err);
}
