/* SPDX-License-Identifier: Apache-2.0 */
/* main of the harnesses without libFuzzer: every file of a folder, and of each some hundred variants by chance. */
#include "base/memory.h"
#include "tests/support/suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARIANTS 500
#define SIZE_MAX_READ ((size_t)16384)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a block of just its size, so that a byte too far is seen. */
static void feed(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = memory_new(size, 1);
    if (size > 0)
        memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

/* Cuts the end off, changes bytes, repeats a piece. */
static void feed_variant(const uint8_t *bytes, size_t size, uint64_t *state)
{
    uint8_t *changed = memory_new(2 * size + 1, 1);
    memcpy(changed, bytes, size);
    size_t length = suite_random(state) % 4 == 0 ? suite_random(state) % (size + 1) : size;
    for (size_t changes = suite_random(state) % 5; changes > 0 && length > 0; changes--)
        changed[suite_random(state) % length] = (uint8_t)suite_random(state);
    if (length > 0 && suite_random(state) % 4 == 0) {
        size_t from = suite_random(state) % length, piece = suite_random(state) % (length - from + 1);
        memmove(changed + from + piece, changed + from, length - from);
        length += piece;
    }
    feed(changed, length);
    free(changed);
}

static void feed_file(const char *path, uint64_t *state)
{
    uint8_t *bytes = memory_new(SIZE_MAX_READ, 1);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size_t size = fread(bytes, 1, SIZE_MAX_READ, file);
    fclose(file);
    feed(bytes, size);
    for (int i = 0; i < VARIANTS; i++)
        feed_variant(bytes, size, state);
    free(bytes);
}

int main(int argc, char **argv)
{
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
    uint64_t state = suite_seed();
    int files = 0;
    if (folder == NULL) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        feed_file(path, &state);
        files++;
    }
    closedir(folder);
    printf("%d files, each with %d variants\n", files, VARIANTS);
    return files > 0 ? 0 : 1;
}
