/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "daemon/core/facts.h"
#include "tests/support/suite.h"

#include <string.h>

static const struct names *const all[] = {
    &grade_names,       &disposition_names, &stock_status_names, &verdict_names,    &title_names,     &track_names,
    &rma_state_names,   &expect_names,      &channel_names,      &method_names,     &refund_timing_names, &payer_names,
    &ref_kind_names,    &parcel_state_names, &hold_kind_names,   &unit_state_names, &job_state_names, &label_kind_names,
    &lane_mode_names,   &role_names,        &signal_names,       &pending_names,    &action_names,
    &photo_type_names,
};

static void every_value_has_a_word_that_leads_back(void)
{
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        for (int value = 0; value < all[i]->count; value++) {
            const char *word = name_of(all[i], value);
            CU_ASSERT_PTR_NOT_NULL_FATAL(word);
            CU_ASSERT_TRUE(word[0] != '\0' && strlen(word) < KEY_SIZE);
            int found = -1;
            CU_ASSERT_TRUE(name_find(all[i], word, &found));
            CU_ASSERT_EQUAL(found, value);
        }
    }
}

static void the_words_fit_where_they_are_kept(void)
{
    for (int i = 0; i < REF_KIND_COUNT; i++)
        CU_ASSERT_TRUE(strlen(name_of(&ref_kind_names, i)) < sizeof((struct parcel){0}.matched_by));
}

static void what_is_no_value_has_no_word(void)
{
    int value = 7;
    CU_ASSERT_STRING_EQUAL(name_of(&grade_names, -1), "?");
    CU_ASSERT_STRING_EQUAL(name_of(&grade_names, GRADE_COUNT), "?");
    CU_ASSERT_FALSE(name_find(&grade_names, "a", &value));
    CU_ASSERT_FALSE(name_find(&grade_names, "", &value));
    CU_ASSERT_EQUAL(value, 7);
}

/* The table of 10-domain §4. */
static void each_disposition_has_its_stock(void)
{
    static const char *const status[DISPOSITION_COUNT] = {
        "none", "sellable", "b_stock", "refurb", "parts", "scrap", "scrap", "donation", "liquidation", "hold",
        "outbound", "outbound", "outbound", "none"};
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        CU_ASSERT_STRING_EQUAL(name_of(&stock_status_names, (int)disposition_stock((enum disposition)i)), status[i]);
}

static void a_serial_is_on_the_list_whole_or_not(void)
{
    char list[] = "S-1\nS-22\nS-3";
    struct rma_line line = {.serials = list};
    CU_ASSERT_TRUE(line_has_serial(&line, "S-1"));
    CU_ASSERT_TRUE(line_has_serial(&line, "S-22"));
    CU_ASSERT_TRUE(line_has_serial(&line, "S-3"));
    CU_ASSERT_FALSE(line_has_serial(&line, "S-2"));
    CU_ASSERT_FALSE(line_has_serial(&line, "S"));
    CU_ASSERT_FALSE(line_has_serial(&line, ""));
    CU_ASSERT_FALSE(line_has_serial(&line, "S-1\nS-22"));
    line.serials = NULL;
    CU_ASSERT_FALSE(line_has_serial(&line, "S-1"));
}

static void lines_and_references_are_found_by_name(void)
{
    struct rma_ref refs[] = {{REF_ORDER, "O-1", ""}, {REF_TRACKING, "T-1", "ups"}, {REF_TRACKING, "T-2", "ups"}};
    struct rma_line lines[] = {{.line = "1"}, {.line = "2"}};
    struct rma rma = {.refs = refs, .ref_count = 3, .lines = lines, .line_count = 2};
    CU_ASSERT_PTR_EQUAL(rma_find_line(&rma, "2"), &lines[1]);
    CU_ASSERT_PTR_NULL(rma_find_line(&rma, "3"));
    CU_ASSERT_STRING_EQUAL(rma_ref_value(&rma, REF_TRACKING), "T-1");
    CU_ASSERT_STRING_EQUAL(rma_ref_value(&rma, REF_SSCC), "");
}

SUITE("core/names", {"every value has a word that leads back", every_value_has_a_word_that_leads_back},
      {"the words fit where they are kept", the_words_fit_where_they_are_kept},
      {"what is no value has no word", what_is_no_value_has_no_word},
      {"each disposition has its stock", each_disposition_has_its_stock},
      {"a serial is on the list whole or not", a_serial_is_on_the_list_whole_or_not},
      {"lines and references are found by name", lines_and_references_are_found_by_name})
