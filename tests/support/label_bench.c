/* SPDX-License-Identifier: Apache-2.0 */
/* A folder with one label template. */
#include "tests/support/label_bench.h"

#include "tests/support/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct label_set *label_bench_load(const char *text, struct error *err)
{
    char directory[] = "/tmp/label_bench.XXXXXX", path[64];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/t.zpl.in", directory);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
    struct label_set *set = label_set_load(directory, err);
    unlink(path);
    rmdir(directory);
    return set;
}

struct label_set *label_bench_must_load(const char *text)
{
    struct error err = {0};
    struct label_set *set = label_bench_load(text, &err);
    if (set == NULL)
        printf("%s\n", err.message);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    return set;
}

const char *label_bench_render(const char *template_text, const char *code, const char *text, const char *flag)
{
    static char zpl[65536];
    const struct label_field fields[] = {{"code", code}, {"text", text}, {"flag", flag}, {"not_declared", "x"}};
    const struct label_options options = {203, "en"};
    struct label_set *set = label_bench_must_load(template_text);
    struct buffer out = BUFFER_EMPTY;
    struct error err = {0};
    bool fine = label_render(set, "t", &options, fields, 4, &out, &err);
    if (!fine)
        printf("%s\n", err.message);
    CU_ASSERT_TRUE(fine);
    snprintf(zpl, sizeof zpl, "%s", buffer_text(&out));
    buffer_done(&out);
    label_set_free(set);
    return zpl;
}
