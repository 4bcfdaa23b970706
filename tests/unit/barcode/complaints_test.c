/* SPDX-License-Identifier: Apache-2.0 */
/* "FNC1/GS lost or doubled": what scanners make of one GS1 symbol, and that it is always read the same. */
#include "protocol/barcode/classify.h"

#include "base/memory.h"
#include "tests/support/suite.h"

#include <string.h>

#define GS "\x1D"
#define GTIN "0109521234543213"

static void expect(const char *aim, const char *text)
{
    struct classify_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    classify_default_rules(&rules);
    CU_ASSERT_FATAL(classify(&rules, text, strlen(text), aim, candidates) > 0);
    CU_ASSERT_EQUAL(candidates[0].class, CANDIDATE_GS1);
    CU_ASSERT_STRING_EQUAL(candidates[0].gtin, "09521234543213");
    CU_ASSERT_STRING_EQUAL(candidates[0].lot, "L7");
    CU_ASSERT_STRING_EQUAL(candidates[0].serial, "S42");
    CU_ASSERT_STRING_EQUAL(candidates[0].expiry, "2026-11-30");
}

static void gs_doubled_or_superfluous_is_one(void)
{
    expect("]C1", GTIN "17261130" "10L7" GS "21S42");
    expect("]d2", GS GTIN "17261130" "10L7" GS "21S42");
    expect("]d2", GTIN GS "17261130" GS "10L7" GS "21S42");
    expect("]Q3", GTIN "17261130" "10L7" GS GS "21S42" GS);
    expect("]e0", GS GS GTIN "17261130" "10L7" GS "21S42" GS GS);
}

static void fnc1_in_front_lost_or_typed_is_told_otherwise(void)
{
    expect("", GTIN "17261130" "10L7" GS "21S42");           /* the GS inside announces it */
    expect("]C0", "]C1" GTIN "17261130" "10L7" GS "21S42");  /* the AIM identifier typed as text */
    expect("", "]d2" GTIN "17261130" "10L7" GS "21S42");
    expect("]C0", GTIN "17261130" "21S42" GS "10L7");
}

/* Then nobody can tell where a value ends: better the plain text than a wrong serial number. */
static void gs_between_values_lost_gives_no_wrong_serial(void)
{
    struct classify_rules rules;
    struct candidate candidates[CANDIDATES_MAX];
    const char *text = "21" "SERIAL-NUMBER-OF-THE-MAKER" "10L7";
    classify_default_rules(&rules);
    CU_ASSERT_FATAL(classify(&rules, text, strlen(text), "]d2", candidates) == 2);
    CU_ASSERT_EQUAL(candidates[0].class, CANDIDATE_REFUSED);
    CU_ASSERT_EQUAL(candidates[1].class, CANDIDATE_TEXT);
    CU_ASSERT_STRING_EQUAL(candidates[1].value, text);
}

SUITE("barcode/complaints", {"FNC1/GS doubled", gs_doubled_or_superfluous_is_one},
      {"FNC1 in front lost or typed as text", fnc1_in_front_lost_or_typed_is_told_otherwise},
      {"GS between values lost", gs_between_values_lost_gives_no_wrong_serial})
