/* SPDX-License-Identifier: Apache-2.0 */
/* returnsctl product import, operator import: a list in a JSON file, sent whole. */
#include "ctl/client.h"
#include "ctl/show.h"

#include <inttypes.h>

static void show_result(const json_t *result)
{
    const json_t *problems = json_object_get(result, "problems"), *problem;
    size_t i;
    json_array_foreach(problems, i, problem)
        fprintf(stderr, "entry %" JSON_INTEGER_FORMAT ": %s\n", json_integer_value(json_object_get(problem, "number")),
                json_string_value(json_object_get(problem, "reason")));
    printf("%" JSON_INTEGER_FORMAT " stored, %" JSON_INTEGER_FORMAT " older, %zu refused\n",
           json_integer_value(json_object_get(result, "stored")), json_integer_value(json_object_get(result, "older")),
           json_array_size(problems));
}

static enum ctl_exit import_list(struct ctl *ctl, const char *path)
{
    json_error_t where;
    json_t *list = json_load_file(ctl->arguments[0], JSON_REJECT_DUPLICATES, &where), *result = NULL;
    if (list == NULL) {
        ctl_complain("%s:%d: %s", ctl->arguments[0], where.line, where.text);
        return CTL_REFUSED;
    }
    enum ctl_exit exit = client_post(ctl->client, path, list, &result);
    json_decref(list);
    if (exit != CTL_OK)
        return exit;
    if (ctl->json)
        ctl_print_json(result);
    else
        show_result(result);
    exit = json_array_size(json_object_get(result, "problems")) == 0 ? CTL_OK : CTL_REFUSED;
    json_decref(result);
    return exit;
}

enum ctl_exit ctl_product_import(struct ctl *ctl)
{
    return import_list(ctl, "/api/v1/products");
}

enum ctl_exit ctl_operator_import(struct ctl *ctl)
{
    return import_list(ctl, "/api/v1/operators");
}
