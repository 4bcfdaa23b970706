/* SPDX-License-Identifier: Apache-2.0 */
/* For tests/external/shifts_test.py, which looks at each shift by means that are not ours. */
#include "tests/golden/shift.h"

void outside_add_person(json_t *rma)
{
    static const char *const members[] = {"customer_name", "address", "email", "phone"};
    for (size_t i = 0; i < COUNT_OF(members); i++)
        json_object_set_new(rma, members[i], json_string("CANARY+33100000000@example.org"));
}

void outside_keep(struct shift *shift)
{
    char path[1024];
    const char *folder = getenv("KEEP"), *name = strrchr(shift->path, '/') + 1;
    if (folder == NULL)
        return;
    TEXT_FORMAT(path, "%s/%.*s.db", folder, (int)strcspn(name, "."), name);
    HOUSE_MUST(&shift->house, sql_run(shift->house.store, &shift->house.err, "VACUUM INTO ?", "t", path));
}
