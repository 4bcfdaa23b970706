/* SPDX-License-Identifier: Apache-2.0 */
/* Photos: the card that asks for one, and a picture that has come. It is of the unit in hand or asked about, else of the
   parcel. */
#include "base/memory.h"
#include "base/text.h"
#include "daemon/core/turn.h"

/* What a photo taken now would show; unit_id and parcel_id 0 = there is nothing. */
struct subject {
    const struct unit *unit; /* unit_id 0 = the parcel itself */
    const struct parcel *parcel;
};

static struct subject find_subject(const struct turn *turn)
{
    static const struct unit no_unit = {0};
    struct subject subject = {&no_unit, parcel_meant(turn)};
    if ((BIT(turn->hand) & WITH_UNIT) != 0)
        subject.unit = &turn->unit;
    else if (turn->asked == PENDING_UNIT)
        subject.unit = &turn->facts->asked_unit.unit;
    return subject;
}

static bool has_subject(const struct turn *turn)
{
    struct subject subject = find_subject(turn);
    return subject.unit->unit_id != 0 || subject.parcel->parcel_id != 0;
}

static struct message about(enum message_key key, const struct subject *subject)
{
    return message_text(message_of(key), 0, subject->unit->unit_id != 0 ? subject->unit->lpn : subject->parcel->code);
}

static bool shows(const struct photo *photo, const struct subject *subject)
{
    return photo->unit_id == subject->unit->unit_id &&
           (photo->unit_id != 0 || photo->parcel_id == subject->parcel->parcel_id);
}

static int64_t count_photos(const struct turn *turn, const struct subject *subject)
{
    int64_t count = 0;
    for (size_t i = 0; i < turn->facts->photo_count; i++)
        count += shows(&turn->facts->photos[i], subject);
    return count;
}

static bool is_there(const struct turn *turn, const struct subject *subject)
{
    for (size_t i = 0; i < turn->facts->photo_count; i++)
        if (shows(&turn->facts->photos[i], subject) &&
            text_equal(turn->facts->photos[i].sha256, turn->facts->photo->sha256))
            return true;
    return false;
}

void keep_question(struct turn *turn)
{
    const struct session *before = &turn->facts->session;
    turn->session->arrived_id = before->arrived_id;
    turn->session->same_again = before->same_again;
    if (turn->asked == PENDING_NONE)
        return;
    turn->session->pending = before->pending;
    turn->session->pending_tick = turn->facts->when.tick;
}

/* ---- the card ---- */

static void tell_how(struct turn *turn)
{
    struct subject subject = find_subject(turn);
    int64_t count = count_photos(turn, &subject);
    keep_question(turn);
    if (count < PHOTOS_MAX)
        answer(turn, ACTION_ASK, SIGNAL_OK, about(MESSAGE_PHOTO_TAKE, &subject));
    else
        refuse(turn, message_number(about(MESSAGE_PHOTO_ENOUGH, &subject), 1, count));
}

static void nothing_to_show(struct turn *turn)
{
    keep_question(turn);
    refuse(turn, message_of(MESSAGE_PHOTO_NOTHING));
}

const struct row photo_rows[] = {
    {"how to take a photo", EITHER, COMMAND(PHOTO), ANY_HAND, .guard = has_subject, .apply = tell_how},
    {"nothing to take a photo of", EITHER, COMMAND(PHOTO), ANY_HAND, .apply = nothing_to_show},
};
const size_t photo_row_count = COUNT_OF(photo_rows);

/* ---- the picture ---- */

static void keep_photo(struct turn *turn, const struct subject *subject)
{
    struct photo *photo = &turn->out->photo;
    bool of_unit = subject->unit->unit_id != 0;
    *photo = *turn->facts->photo;
    photo->unit_id = subject->unit->unit_id;
    photo->parcel_id = of_unit ? subject->unit->parcel_id : subject->parcel->parcel_id;
    if (of_unit)
        turn->out->unit = turn->unit = *subject->unit;
    else
        turn->out->parcel = turn->parcel = *subject->parcel;
    struct event *event =
        of_unit ? unit_event(turn, EVENT_UNIT_PHOTOGRAPHED) : parcel_event(turn, EVENT_PARCEL_PHOTOGRAPHED);
    event->photo = photo;
}

void photo_take(struct turn *turn)
{
    struct subject subject = find_subject(turn);
    int64_t count = count_photos(turn, &subject);
    if (!has_subject(turn)) {
        refuse(turn, message_of(MESSAGE_PHOTO_NOTHING));
    } else if (is_there(turn, &subject)) {
        answer(turn, ACTION_DUPLICATE, SIGNAL_INFO, about(MESSAGE_PHOTO_ALREADY, &subject));
    } else if (count >= PHOTOS_MAX) {
        refuse(turn, message_number(about(MESSAGE_PHOTO_ENOUGH, &subject), 1, count));
    } else {
        answer(turn, ACTION_PHOTO, SIGNAL_OK, message_number(about(MESSAGE_PHOTO_STORED, &subject), 1, count + 1));
        keep_photo(turn, &subject);
    }
}
