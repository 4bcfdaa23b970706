/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/barcode/carrier.h"

#include "base/memory.h"
#include "base/text.h"
#include "protocol/barcode/pattern.h"
#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One number for each row of the table, in its order; drawn from the carriers' regular expressions and given their
 * check digits by another program than this one. */
static const struct {
    const char *carrier, *name, *number;
} samples[] = {
    {"amazon", "Amazon Logistics", "TBA256912039796"},
    {"amazon", "Amazon International", "F1186064448"},
    {"canada_post", "Canada Post (16)", "9994982571815081"},
    {"canpar", "Canpar (22)", "C703953176134588184090"},
    {"dhl", "DHL Express", "8126466121"},
    {"dhl", "DHL Express", "86428931492"},
    {"dhl", "DHL Express (Piece ID)", "JAM609839045"},
    {"dhl", "DHL Express (Piece ID)", "JFH7810327126"},
    {"dhl", "DHL Express (Piece ID)", "JEGC704979535"},
    {"dhl", "DHL Express (Piece ID)", "JVPQ6314439214"},
    {"dhl", "DHL E-Commerce", "GM45TGJB05CZXXRXXRMDC9N07PSD9269DJRMSQJ3"},
    {"dhl", "DHL E-Commerce", "LX0YP76ZKYZ80GSXCBFI1R4KI3LV3XXE0PT25"},
    {"dhl", "DHL E-Commerce", "RX5XWIK3BHK0HPR0UY4U"},
    {"dhl", "DHL E-Commerce", "UV9DETQPSBHFFQXX7IW9TXUI3E9A6NR"},
    {"dhl", "DHL E-Commerce", "CN5VYY8R2K6YLR0RWKMSCMELBL3E735O5X9T7U"},
    {"dhl", "DHL E-Commerce", "SG5FGFLC7346M5BZW2SKWXMBBIR"},
    {"dhl", "DHL E-Commerce", "TH06CURIUTBA4CMNIUTTJZ"},
    {"dhl", "DHL E-Commerce", "IN2SA6Y001Z3DRSK7HQ9WHX4N2VBYU1H"},
    {"dhl", "DHL E-Commerce", "HK0E86KGCW3EQ8MWUOY7II0K2KCSN"},
    {"dhl", "DHL E-Commerce", "MY74HM29SB8PEP42"},
    {"dhl", "DHL E-Commerce (14)", "28126797874872"},
    {"dpd", "DPD (28)", "328148853464991301212902120Y"},
    {"dpd", "DPD (14)", "32463902628370E"},
    {"fedex", "FedEx Express (12)", "485414448996"},
    {"fedex", "FedEx Express (34)", "6506049107119462138026927464274798"},
    {"fedex", "FedEx ASTRA (32)", "33821926022649027676663174609020"},
    {"fedex", "FedEx Ground", "338323507570075"},
    {"fedex", "FedEx Ground (SSCC-18)", "298349345227243215"},
    {"fedex", "FedEx Ground 96 (22)", "9684987152481127669806"},
    {"fedex", "FedEx Ground GSN", "9696726174247299504609603747992484"},
    {"gofo", "GOFO Express (US)", "GFUS40983004589461"},
    {"landmark", "Landmark Global LTN", "LTN59989546N1"},
    {"lasership", "LaserShip LX", "LN36529961"},
    {"lasership", "LaserShip 1LS7 (15)", "1LS720767101978"},
    {"lasership", "LaserShip 1LS7 (18)", "1LS7146013219122-1"},
    {"lasership", "LaserShip 1LSCX (15)", "1LSCX318DB6A4FJ"},
    {"old_dominion", "Old Dominion", "77753030194"},
    {"old_dominion", "Old Dominion", "07215622536"},
    {"old_dominion", "Old Dominion", "78038428278"},
    {"old_dominion", "Old Dominion Guaranteed Shipment", "80239447677"},
    {"ontrac", "OnTrac", "C79440172109848"},
    {"ontrac", "OnTrac D", "D87200072046808"},
    {"purolator", "Purolator (12)", "118719368854"},
    {"purolator", "Purolator (alpha + 9)", "SLV398097559"},
    {"s10", "S10", "RV021800063CN"},
    {"speedee", "Spee-Dee (20)", "SP226919462612054903"},
    {"ups", "UPS", "1ZUQFJAYEWRBZJOYQ5"},
    {"ups", "UPS Waybill", "H8345102474"},
    {"usps", "USPS 20", "11413800657062053558"},
    {"usps", "USPS IMpb N", "942729512279734398169012542724"},
    {"usps", "USPS IMpb N", "94419937290664758208024878"},
    {"usps", "USPS IMpb N", "9421394802049513720649"},
    {"usps", "USPS IMpb N", "94541321583578155376313887"},
    {"usps", "USPS IMpb N", "9454413950636321596294"},
    {"usps", "USPS IMpb N", "4204197694035958720893036481084015"},
    {"usps", "USPS IMpb N", "420634269487092228556213038349"},
    {"usps", "USPS IMpb N", "4203747694734087198614302329173605"},
    {"usps", "USPS IMpb N", "420615489406619629812426906776"},
    {"usps", "USPS IMpb N", "4205919777639454996746241557168503"},
    {"usps", "USPS IMpb N", "4208846953419460004919335367823022"},
    {"usps", "USPS Legacy", "19280348644952553264"},
    {"usps", "USPS Legacy", "9114843675855739957950"},
    {"usps", "USPS Legacy", "4202151440670416549133799877"},
    {"usps", "USPS Legacy", "420418779141124308219583060207"},
    {"usps", "USPS Legacy", "42034275689868943808055283388130"},
    {"usps", "USPS Legacy", "4203344163249134612664629988986937"},
    {"usps", "USPS IMpb C", "92611927896145965738961741"},
    {"usps", "USPS IMpb C", "9242291780232548746012"},
    {"usps", "USPS IMpb C", "93687589930602221813980533"},
    {"usps", "USPS IMpb C", "9320108013594126494221"},
    {"usps", "USPS IMpb C", "95028923114297214065869249"},
    {"usps", "USPS IMpb C", "9548497545136880612935"},
    {"usps", "USPS IMpb C", "95042869390089288975664737"},
    {"usps", "USPS IMpb C", "9521241674121670399984"},
    {"usps", "USPS IMpb C", "4206580492849977720971837986823089"},
    {"usps", "USPS IMpb C", "420309779248997621544335145322"},
    {"usps", "USPS IMpb C", "4205670293568276332159757300175596"},
    {"usps", "USPS IMpb C", "420317519364883849886712689027"},
    {"usps", "USPS IMpb C", "4202118895227913537727013407377779"},
    {"usps", "USPS IMpb C", "420610789536394659491396222078"},
    {"usps", "USPS IMpb C", "4201640995821094591082300710342021"},
    {"usps", "USPS IMpb C", "420112379527646272237920892983"},
    {"usps", "USPS IMpb C", "4209260858049227298310825586708590"},
    {"usps", "USPS IMpb C", "4207179643829332963784760341630374"},
    {"usps", "USPS IMpb C", "4203432577999565890202437153780295"},
    {"usps", "USPS IMpb C", "4200258552999542613888250612529895"},
    {"yodel", "Yodel", "JD6984256373117091"},
    {"yodel", "Yodel", "JJD4488796678298075"},
    {"yunexpress", "YunExpress", "YT1660954933598832"},
};

static void every_format_takes_its_sample(void)
{
    CU_ASSERT_EQUAL_FATAL(COUNT_OF(samples), carrier_table_count);
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        const struct carrier_format *format = &carrier_table[i];
        CU_ASSERT_STRING_EQUAL(samples[i].carrier, format->carrier);
        CU_ASSERT_STRING_EQUAL(samples[i].name, format->name);
        if (!carrier_fits(format, samples[i].number, strlen(samples[i].number)))
            printf("%s: %s\n", format->pattern, samples[i].number);
        CU_ASSERT_TRUE(carrier_fits(format, samples[i].number, strlen(samples[i].number)));
    }
}

/* The other nine digits in the place of the check digit, and one character more or less. */
static void every_format_refuses_what_is_near(void)
{
    for (size_t i = 0; i < carrier_table_count; i++) {
        const struct carrier_format *format = &carrier_table[i];
        struct pattern_match match;
        char other[CANDIDATE_VALUE_SIZE + 1];
        size_t length = strlen(samples[i].number);
        TEXT_COPY(other, samples[i].number);
        CU_ASSERT_TRUE_FATAL(pattern_match(format->pattern, other, length, &match));
        for (char digit = '0'; digit <= '9' && format->check != CHECKDIGIT_ANY; digit++) {
            other[match.checked.end] = digit;
            CU_ASSERT_EQUAL(carrier_fits(format, other, length), digit == samples[i].number[match.checked.end]);
        }
        snprintf(other, sizeof other, "%s/", samples[i].number);
        CU_ASSERT_FALSE(carrier_fits(format, other, length + 1));
        CU_ASSERT_FALSE(carrier_fits(format, samples[i].number + 1, 0));
    }
}

static void rows_say_what_their_patterns_say(void)
{
    for (size_t i = 0; i < carrier_table_count; i++) {
        const struct carrier_format *format = &carrier_table[i];
        CU_ASSERT_TRUE(pattern_is_valid(format->pattern));
        CU_ASSERT_EQUAL(format->needs_letter, pattern_needs_letter(format->pattern));
        CU_ASSERT_EQUAL(format->check != CHECKDIGIT_ANY, strchr(format->pattern, '>') != NULL);
        CU_ASSERT_TRUE(strlen(format->carrier) < sizeof((struct candidate *)0)->detail);
    }
    CU_ASSERT_EQUAL(strlen(carrier_countries) % 3, 0);
}

/* "value carrier" joined by " | ". */
static void describe(bool with_letter, const char *text, char *target, size_t size)
{
    struct candidate candidates[CARRIER_CANDIDATES_MAX];
    size_t count = carrier_candidates(with_letter, text, strlen(text), candidates);
    size_t used = 0;
    target[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        CU_ASSERT_EQUAL(candidates[i].class, CANDIDATE_TRACKING);
        used += (size_t)snprintf(target + used, size - used, "%s%s %s", i == 0 ? "" : " | ", candidates[i].value,
                                 candidates[i].detail);
    }
}

/* Examples that the carriers' own guides print. */
static const struct {
    bool with_letter;
    const char *text, *expected;
} cases[] = {
    {true, "1Z999AA10123456784", "1Z999AA10123456784 ups"},
    {true, "1Z999AA10123456785", ""},
    {false, "1Z999AA10123456784", ""},
    {true, "RA473124829US", "RA473124829US s10"},
    {true, "RA473124828US", ""},
    {true, "RA473124829XX", ""},
    {true, "LX473124829DE", "LX473124829DE s10 | LX473124829DE dhl"},
    {true, "TBA123456789012", "TBA123456789012 amazon"},
    {true, "JJD0123456789012345", "JJD0123456789012345 yodel"},
    {false, "986578788855", "986578788855 fedex"},
    {false, "1001921334250001000300779017972697", "1001921334250001000300779017972697 fedex | 779017972697 fedex"},
    {false, "9611020987654312345672", "9611020987654312345672 fedex | 987654312345672 fedex"},
    {false, "9405511899223197428490", "9405511899223197428490 usps"},
    {false, "420221539405511899223197428490", "420221539405511899223197428490 usps | 9405511899223197428490 usps"},
    {false, "4202215356789405511899223197428490",
     "4202215356789405511899223197428490 fedex | 4202215356789405511899223197428490 usps | "
     "9405511899223197428490 usps | 99223197428490 fedex"},
    {false, "008182709980000020033350276C", "008182709980000020033350276C dpd | 09980000020033 dpd"},
    {false,
     "42022153"
     "9102901001301038667029",
     "420221539102901001301038667029 usps | 9102901001301038667029 usps"},
    {false, "3318810025", "3318810025 dhl"},
    {false, "", ""},
};

static void guides_examples_give_their_numbers(void)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char answer[1024];
        describe(cases[i].with_letter, cases[i].text, answer, sizeof answer);
        if (!text_equal(answer, cases[i].expected))
            printf("\n  is       %s\n  expected %s\n", answer, cases[i].expected);
        CU_ASSERT_STRING_EQUAL(answer, cases[i].expected);
    }
}

/* Random digits and letters of all lengths; answers stay in bounds and in order, longest first. */
static void any_text_is_survived(void)
{
    static const char likely[] = "01234567890123456789012345678901234567899249640ABCJZX-\xFF";
    uint64_t state = suite_seed();
    size_t found = 0;
    for (int round = 0; round < 5000; round++) {
        size_t length = suite_random(&state) % 140;
        if (round % 2 == 0)
            length %= 40;
        char *bytes = memory_new(length + 1, 1);
        size_t letters = round % 4 == 0 ? sizeof likely - 1 : 10;
        for (size_t i = 0; i < length; i++)
            bytes[i] = likely[suite_random(&state) % letters];
        struct candidate candidates[CARRIER_CANDIDATES_MAX];
        size_t count = carrier_candidates(round % 3 == 0, bytes, length, candidates);
        CU_ASSERT_TRUE_FATAL(count <= CARRIER_CANDIDATES_MAX);
        for (size_t i = 1; i < count; i++)
            CU_ASSERT_TRUE(strlen(candidates[i].value) <= strlen(candidates[i - 1].value));
        found += count;
        free(bytes);
    }
    CU_ASSERT_TRUE(found > 20);
}

SUITE("barcode/carrier", {"every format takes its sample", every_format_takes_its_sample},
      {"every format refuses what is near", every_format_refuses_what_is_near},
      {"rows say what their patterns say", rows_say_what_their_patterns_say},
      {"guides' examples give their numbers", guides_examples_give_their_numbers},
      {"any text is survived", any_text_is_survived})
