/* SPDX-License-Identifier: Apache-2.0 */
/* A folder with one label template "t", for tests of templates. */
#ifndef TESTS_SUPPORT_LABEL_BENCH_H
#define TESTS_SUPPORT_LABEL_BENCH_H

#include "base/error.h"
#include "protocol/label/label.h"

/* A header that declares code, text and flag for 60x30 media, in 5 lines; a body follows. */
#define BENCH_HEADER                                                                                                   \
    ";; media 60x30\n;; field code code 15 LP0010000117149\n;; field text text 20 sample\n"                            \
    ";; field flag text 1 1\n;; word hi HELLO | BONJOUR\n"
#define BENCH_BEGIN "^XA^CI28^PW{{mm:60}}^LL{{mm:30}}^LH0,0\n"
#define BENCH_END "^XZ\n"
/* A label whose only field shows what expression gives. */
#define BENCH_FIELD(expression) BENCH_HEADER BENCH_BEGIN "^FO8,8^A0N,24,24^FD" expression "^FS\n" BENCH_END

/* Loads a set that has only the template t with this text; NULL with err on failure. */
struct label_set *label_bench_load(const char *text, struct error *err);
/* As label_bench_load; must succeed. */
struct label_set *label_bench_must_load(const char *text);
/* Renders t at 203 dpi in English with fields {code, text, flag} (NULL = not given); the ZPL, valid until the next
 * call. */
const char *label_bench_render(const char *template_text, const char *code, const char *text, const char *flag);

#endif
