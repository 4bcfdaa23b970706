/* SPDX-License-Identifier: Apache-2.0 */
/* A CUnit program in one table: TEST(name) functions, then SUITE("x", …) as main. */
#ifndef TESTS_SUPPORT_SUITE_H
#define TESTS_SUPPORT_SUITE_H

#include <CUnit/CUnit.h>
#include <stddef.h>
#include <stdint.h>

struct suite_test {
    const char *name;
    void (*run)(void);
};

/* Runs the tests with CUnit's basic interface; the exit status of the program. */
int suite_run(const char *name, const struct suite_test *tests, size_t count);
/* The seed of this run: $SEED, or from the clock; printed once, so that a failure can be repeated. */
uint64_t suite_seed(void);
/* Next number of a small generator (splitmix64); state starts as the seed. */
uint64_t suite_random(uint64_t *state);

#define SUITE(name, ...)                                                                                               \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        static const struct suite_test tests[] = {__VA_ARGS__};                                                        \
        return suite_run(name, tests, sizeof tests / sizeof tests[0]);                                                 \
    }

#endif
