/* SPDX-License-Identifier: Apache-2.0 */
/* Message keys and arguments → text, in every language of data/texts. People edit those files without a compiler. */
#ifndef DAEMON_TEXT_CATALOG_H
#define DAEMON_TEXT_CATALOG_H

#include "base/buffer.h"
#include "base/error.h"
#include "daemon/core/message.h"

struct catalog;

enum language { LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_COUNT };
extern const char *const language_names[LANGUAGE_COUNT]; /* "en", "fr" */

/* Reads <directory>/en.txt and fr.txt: lines "key = text", '#' comments. Every message and every word the program uses
   must be there in every language, nothing twice and nothing unknown; else an error with file and line. */
struct catalog *catalog_load(const char *directory, struct error *err) MUST_CHECK;
struct catalog *catalog_free(struct catalog *catalog);
/* Appends the message with its arguments filled in. */
void catalog_message(const struct catalog *catalog, enum language language, const struct message *message,
                     struct buffer *target);
/* The text of a plain key such as "disposition.resell"; the key itself if it is unknown. */
const char *catalog_word(const struct catalog *catalog, enum language language, const char *key);

#endif
