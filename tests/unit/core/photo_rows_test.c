/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/scene.h"

static struct photo taken;

/* A photo comes, with those that stand already. */
static const struct outcome *take(struct scene *s, const char *hash, struct photo *photos, size_t count)
{
    taken = (struct photo){.size = 1000};
    TEXT_COPY(taken.sha256, hash);
    s->facts.scanned = (struct scanned){0};
    TEXT_COPY(s->facts.read, hash);
    s->facts.photo = &taken;
    s->facts.photos = photos;
    s->facts.photo_count = count;
    scene_fill_hand(s);
    workflow_photo(&s->facts, &s->after, &s->out);
    scene_keep(s);
    s->facts.photo = NULL;
    s->facts.photos = NULL;
    s->facts.photo_count = 0;
    return &s->out;
}

static void nothing_in_hand_nothing_to_show(void)
{
    struct scene s;
    scene_begin(&s);
    CHECK_ROW(scene_command(&s, VERB_PHOTO), "nothing to take a photo of");
    CHECK_ANSWER(&s.out, SIGNAL_ATTENTION, MESSAGE_PHOTO_NOTHING);
    CHECK_ANSWER(take(&s, "a", NULL, 0), SIGNAL_ATTENTION, MESSAGE_PHOTO_NOTHING);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_STRING_EQUAL(s.out.photo.sha256, "");
}

static void it_is_of_the_unit_else_of_the_parcel(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    CHECK_ROW(scene_command(&s, VERB_PHOTO), "how to take a photo");
    CHECK_ANSWER(take(&s, "a", NULL, 0), SIGNAL_OK, MESSAGE_PHOTO_STORED);
    CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "parcel.photographed");
    CU_ASSERT_EQUAL(s.out.photo.parcel_id, s.parcel.parcel_id);
    CU_ASSERT_EQUAL(s.out.photo.unit_id, 0);
    scene_item(&s, "SHIRT");
    CHECK_ANSWER(take(&s, "a", NULL, 0), SIGNAL_OK, MESSAGE_PHOTO_STORED);
    CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "unit.photographed");
    CU_ASSERT_EQUAL(s.out.photo.unit_id, s.unit.unit_id);
    CU_ASSERT_EQUAL(s.out.photo.parcel_id, s.parcel.parcel_id);
    CU_ASSERT_EQUAL(s.after.unit_id, s.unit.unit_id);
    CU_ASSERT_EQUAL(s.out.next.key, MESSAGE_NEXT_GRADE);
}

static void a_question_waits_for_its_answer(void)
{
    struct scene s;
    scene_begin(&s);
    s.facts.session.mode = s.rules.mode = LANE_DOCK;
    scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    scene_command(&s, VERB_HOLD);
    CU_ASSERT_EQUAL(s.after.pending, PENDING_HOLD);
    s.facts.when.tick += 27000;
    scene_command(&s, VERB_PHOTO);
    s.facts.when.tick += 27000;
    CHECK_ANSWER(take(&s, "a", NULL, 0), SIGNAL_OK, MESSAGE_PHOTO_STORED);
    s.facts.when.tick += 25000;
    CHECK_ROW(scene_command(&s, VERB_OPTION_3), "hold");
    CU_ASSERT_EQUAL(s.parcel.hold, HOLD_DAMAGED);
}

/* But not for ever. */
static void a_question_that_is_over_is_not_brought_back(void)
{
    struct scene s;
    scene_begin(&s);
    s.facts.session.mode = s.rules.mode = LANE_DOCK;
    scene_rma_code(&s, REF_TRACKING, "1Z1", false);
    scene_command(&s, VERB_HOLD);
    s.facts.when.tick += 31000;
    take(&s, "a", NULL, 0);
    CU_ASSERT_EQUAL(s.after.pending, PENDING_NONE);
}

/* LIKE is for the same article until another card; a photo is none. */
static void like_goes_on(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.facts.session.same_again = true;
    take(&s, "a", NULL, 0);
    CU_ASSERT_TRUE(s.after.same_again);
    scene_command(&s, VERB_PHOTO);
    CU_ASSERT_TRUE(s.after.same_again);
}

static void the_same_is_there_already_and_enough_is_enough(void)
{
    struct scene s;
    struct photo there[PHOTOS_MAX + 2];
    scene_begin(&s);
    scene_identify(&s, "SHIRT");
    for (size_t i = 0; i < COUNT_OF(there); i++) { /* one of the parcel, one of another unit, the others of this one */
        there[i] = (struct photo){.unit_id = i > 1 ? s.unit.unit_id : i > 0 ? 99 : 0, .parcel_id = s.parcel.parcel_id};
        TEXT_FORMAT(there[i].sha256, "p%zu", i);
    }
    CHECK_ANSWER(take(&s, "p5", there, COUNT_OF(there)), SIGNAL_INFO, MESSAGE_PHOTO_ALREADY);
    CU_ASSERT_TRUE(scene_nothing_changed(&s));
    CU_ASSERT_STRING_EQUAL(scene_told(&s.out), "");
    CHECK_ANSWER(take(&s, "new", there, COUNT_OF(there)), SIGNAL_ATTENTION, MESSAGE_PHOTO_ENOUGH);
    CU_ASSERT_EQUAL(s.out.message.args[1].number, PHOTOS_MAX);
    CU_ASSERT_STRING_EQUAL(s.out.photo.sha256, "");
    CHECK_ANSWER(take(&s, "p0", there, COUNT_OF(there) - 1), SIGNAL_OK, MESSAGE_PHOTO_STORED); /* it was the parcel's */
    CU_ASSERT_EQUAL(s.out.message.args[1].number, PHOTOS_MAX);
}

static void a_stop_is_answered_first(void)
{
    struct scene s;
    scene_begin(&s);
    scene_open(&s);
    s.facts.session.stopped = true;
    CU_ASSERT_EQUAL(take(&s, "a", NULL, 0)->signal, SIGNAL_STOP);
    CU_ASSERT_TRUE(s.after.stopped);
    CU_ASSERT_STRING_EQUAL(s.out.photo.sha256, "");
}

static void every_row_was_reached(void)
{
    scene_check_reached(photo_rows, photo_row_count);
}

SUITE("core/photo_rows", {"nothing in hand, nothing to show", nothing_in_hand_nothing_to_show},
      {"it is of the unit, else of the parcel", it_is_of_the_unit_else_of_the_parcel},
      {"a question waits for its answer", a_question_waits_for_its_answer},
      {"a question that is over is not brought back", a_question_that_is_over_is_not_brought_back},
      {"like goes on", like_goes_on},
      {"the same is there already, and enough is enough", the_same_is_there_already_and_enough_is_enough},
      {"a stop is answered first", a_stop_is_answered_first}, {"every row was reached", every_row_was_reached})
