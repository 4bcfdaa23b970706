/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over the tables: which rows, messages and changes of state all shifts together reached, and which none did.
 */
#include "tests/golden/shift.h"

#include "daemon/core/effect_rows.h"
#include "daemon/core/turn.h"
#include "tests/support/moves.h"

#define SEEN_MAX 1000
#define SEEN_SIZE 96

struct names_seen {
    char name[SEEN_MAX][SEEN_SIZE];
    size_t count;
};

static struct names_seen seen, excepted;

struct noted noted;
struct moment shift_clock;

/* ---- noting ---- */

static bool has(const struct names_seen *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->name[i], name))
            return true;
    return false;
}

static void note(const char *kind, const char *name)
{
    char whole[SEEN_SIZE];
    TEXT_FORMAT(whole, "%s %s", kind, name);
    if (has(&seen, whole))
        return;
    CU_ASSERT_FATAL(seen.count < SEEN_MAX);
    TEXT_COPY(seen.name[seen.count], whole);
    seen.count++;
}

/* The state before, STATE_NEW of what the scan made, STATE_LOST where no fact tells it: that is a fault of this walk.
 */
enum { STATE_NEW = -1, STATE_LOST = -2 };

static void note_move(const char *kind, const struct names *states, int from, int to)
{
    char move[64];
    if (from == to)
        return;
    if (from == STATE_LOST)
        TEXT_FORMAT(move, "? > %s", name_of(states, to));
    else
        move_name(move, states, from, to);
    note(kind, move);
}

static int unit_before(const struct facts *facts, int64_t id)
{
    const struct unit *units[] = {&facts->hand_unit.unit, &facts->scanned.unit.unit, &facts->asked_unit.unit,
                                  &facts->last_unit.unit, &facts->undo.unit_now};
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (units[i]->unit_id == id)
            return (int)units[i]->state;
    return id >= facts->next_unit_id ? STATE_NEW : STATE_LOST;
}

static int parcel_before(const struct facts *facts, int64_t id)
{
    const struct parcel *parcels[] = {&facts->hand_parcel.parcel, &facts->scanned.parcel.parcel,
                                      &facts->unit_parcel.parcel, &facts->asked_parcel.parcel, &facts->undo.parcel_now};
    for (size_t i = 0; i < COUNT_OF(parcels); i++)
        if (parcels[i]->parcel_id == id)
            return (int)parcels[i]->state;
    return id >= facts->next_parcel_id ? STATE_NEW : STATE_LOST;
}

static void note_outcome(const struct facts *facts, const struct outcome *out)
{
    if (out->row != NULL)
        note("row", out->row);
    note("message", message_key_name(out->message.key));
    note("message", message_key_name(out->next.key));
    for (int i = 0; i < out->trace.count; i++)
        note("message", message_key_name(out->trace.steps[i].key));
    for (int i = 0; i < out->outcome_trace.count; i++)
        note("message", message_key_name(out->outcome_trace.steps[i].key));
    if (out->unit.unit_id != 0)
        note_move("unit", &unit_state_names, unit_before(facts, out->unit.unit_id), (int)out->unit.state);
    for (size_t i = 0; i < out->bulk.count; i++) {
        struct unit unit;
        outcome_bulk_unit(out, i, &unit);
        note_move("unit", &unit_state_names, (int)out->bulk.units[i].state, (int)unit.state);
    }
    if (out->parcel.parcel_id != 0)
        note_move("parcel", &parcel_state_names, parcel_before(facts, out->parcel.parcel_id), (int)out->parcel.state);
}

static void note_scan(const struct facts *facts, const struct session *session, const struct outcome *out)
{
    bool before = facts->session.operator_id[0] != '\0';
    noted = (struct noted){.row = out->row, .action = out->action, .silent = out->silent,
                           .lesson = facts->rules->training};
    noted.undone = out->action == ACTION_UNDO ? facts->undo.action : ACTION_NONE;
    noted.parcel_id = out->parcel.parcel_id != 0 ? out->parcel.parcel_id : session->parcel_id;
    noted.unit_id = out->unit.unit_id != 0 ? out->unit.unit_id : session->unit_id;
    TEXT_COPY(noted.worker, before ? facts->session.operator_id : session->lane);
}

/* The linker gives the daemon these two for its own (--wrap). */
struct moment __wrap_clock_read(void);
void __wrap_workflow_scan(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome);
void __real_workflow_scan(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome);

struct moment __wrap_clock_read(void)
{
    return shift_clock;
}

void __wrap_workflow_scan(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome)
{
    __real_workflow_scan(facts, ret_session, ret_outcome);
    note_scan(facts, ret_session, ret_outcome);
    if (ret_session->repeated)
        note("message", message_key_name(MESSAGE_ALREADY_STORED)); /* stands in front of the stored answer */
    if (!ret_outcome->silent)
        note_outcome(facts, ret_outcome);
}

void __wrap_workflow_effect(const struct facts *facts, struct outcome *ret_outcome);
void __real_workflow_effect(const struct facts *facts, struct outcome *ret_outcome);

void __wrap_workflow_effect(const struct facts *facts, struct outcome *ret_outcome)
{
    __real_workflow_effect(facts, ret_outcome);
    if (!ret_outcome->silent)
        note_outcome(facts, ret_outcome);
    else
        note("message", message_key_name(ret_outcome->message.key));
}

void __wrap_workflow_photo(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome);
void __real_workflow_photo(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome);

void __wrap_workflow_photo(const struct facts *facts, struct session *ret_session, struct outcome *ret_outcome)
{
    __real_workflow_photo(facts, ret_session, ret_outcome);
    note_scan(facts, ret_session, ret_outcome);
    note_outcome(facts, ret_outcome);
}

/* ---- the walk ---- */

static size_t known;

/* One thing that some shift must reach, unless the list excepts it; what is reached may not stand on the list. */
static void expect(const char *kind, const char *name)
{
    char whole[SEEN_SIZE];
    TEXT_FORMAT(whole, "%s %s", kind, name);
    bool reached = has(&seen, whole), listed = has(&excepted, whole);
    if (reached == listed)
        printf("\n    %s: %s", reached ? "reached now, strike it off the list" : "no shift reaches it", whole);
    CU_ASSERT_NOT_EQUAL(reached, listed);
    known += listed;
}

static void expect_moves(const char *kind, const char *const *moves, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect(kind, moves[i]);
    for (size_t i = 0; i < seen.count; i++) {
        bool other = strncmp(seen.name[i], kind, strlen(kind)) != 0 || seen.name[i][strlen(kind)] != ' ';
        bool allowed = other || move_is_allowed(moves, count, seen.name[i] + strlen(kind) + 1);
        if (!allowed)
            printf("\n    the design has no change \"%s\"", seen.name[i]);
        CU_ASSERT_TRUE(allowed);
    }
}

static void read_exceptions(const char *path)
{
    char line[300];
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        CU_ASSERT_FATAL(excepted.count < SEEN_MAX);
        TEXT_COPY(excepted.name[excepted.count++], line);
    }
    fclose(file);
}

void walk_check(const char *exceptions)
{
    read_exceptions(exceptions);
    for (size_t t = 0; t < table_part_count; t++)
        for (size_t i = 0; i < *table_parts[t].count; i++)
            expect("row", table_parts[t].rows[i].name);
    for (size_t i = 0; i < unit_effect_count; i++)
        expect("row", unit_effects[i].name);
    for (size_t i = 0; i < parcel_effect_count; i++)
        expect("row", parcel_effects[i].name);
    for (int key = MESSAGE_NONE + 1; key < MESSAGE_COUNT; key++)
        expect("message", message_key_name((enum message_key)key));
    expect_moves("unit", unit_moves, COUNT_OF(unit_moves));
    expect_moves("parcel", parcel_moves, COUNT_OF(parcel_moves));
    if (known != excepted.count)
        printf("\n    %zu line(s) of the list name nothing", excepted.count - known);
    CU_ASSERT_EQUAL(known, excepted.count);
}
