/* SPDX-License-Identifier: Apache-2.0 */
/* The carrier's label of a unit that leaves (10-domain §4): the ERP's, printed as it is once the unit's own label is on.
   It goes with the confirmation that it was printed after, and with the disposition. */
#include "base/text.h"
#include "daemon/core/turn.h"

static const struct carrier_label *known(const struct turn *turn)
{
    return &turn_unit_facts(turn)->carrier;
}

/* It is on the unit, or on its way there. */
static bool counts(const struct print_job *job)
{
    return job->job_id != 0 && job->state != JOB_VOIDED && job->state != JOB_RECALLED;
}

bool carrier_is_due(const struct turn *turn)
{
    const struct carrier_label *carrier = known(turn);
    return disposition_stock(turn->unit.disposition) == STOCK_OUTBOUND && carrier->hash[0] != '\0' &&
           !(counts(&carrier->job) && text_equal(carrier->printed, carrier->hash));
}

bool carrier_is_awaited(const struct turn *turn)
{
    return turn->unit.disposition == DISPOSITION_RETURN_TO_CUSTOMER && known(turn)->hash[0] == '\0';
}

bool carrier_retire(struct turn *turn, const struct carrier_label *carrier)
{
    bool may_come = carrier->job.aged; /* by REPRINT */
    return (counts(&carrier->job) || may_come) && retire_label(turn, &carrier->job);
}

static bool fits_printer(const struct turn *turn)
{
    int made_for = known(turn)->dpi, printer = turn->facts->rules->dpi;
    return made_for == 0 || printer == 0 || made_for == printer;
}

void carrier_print(struct turn *turn, enum action action, struct message printed)
{
    const struct unit *unit = &turn->unit;
    const struct carrier_label *carrier = known(turn);
    if (!fits_printer(turn)) {
        struct message message = message_text(message_of(MESSAGE_CARRIER_DPI), 0, unit->lpn);
        answer(turn, action, SIGNAL_ATTENTION, message_number(message, 1, carrier->dpi));
        return;
    }
    bool is_other = carrier_retire(turn, carrier);
    turn->out->print = (struct print_job){.kind = LABEL_CARRIER, .unit_id = unit->unit_id,
                                          .generation = unit->generation, .copy = carrier->job.copy + 1};
    turn->session->last_unit_id = unit->unit_id;
    turn->session->last_parcel_id = 0;
    if (is_other)
        answer(turn, action, SIGNAL_ATTENTION, message_text(message_of(MESSAGE_CARRIER_REPLACED), 0, unit->lpn));
    else
        answer(turn, action, SIGNAL_OK, printed);
}
