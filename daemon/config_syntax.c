/* SPDX-License-Identifier: Apache-2.0 */
/* A look at a configuration file before libconfuse 3.3 reads it, because that accepts a section left open at the end,
 * drops characters it does not know, takes "RMA-#" for "RMA-" and a comment, keeps its state after a broken text, and
 * counts lines wrongly behind comments. */
#include "daemon/config_private.h"

#include "base/text.h"

#include <string.h>

struct reader {
    char *text;
    size_t length, at;
    int line;
    int section_line, list_line; /* where the brace that is open now stands; 0 = none */
    char last;                   /* last character that is neither blank nor comment */
    struct config_syntax *syntax;
    struct error *err;
};

static bool fail(const struct reader *reader, int line, const char *what)
{
    return error_set(reader->err, ERROR_INVALID, "%d: %s", line, what);
}

static char peek(const struct reader *reader, size_t ahead)
{
    return reader->at + ahead < reader->length ? reader->text[reader->at + ahead] : '\0';
}

static bool is_word(char c)
{
    return (unsigned char)c >= 0x80 || (c > ' ' && c < 0x7F && strchr("{}=,\"'#()+|$\\*", c) == NULL);
}

/* Blanks to the end of the line. */
static bool skip_comment(struct reader *reader)
{
    for (; reader->at < reader->length && peek(reader, 0) != '\n'; reader->at++)
        reader->text[reader->at] = ' ';
    return true;
}

static bool skip_block(struct reader *reader)
{
    int opened = reader->line;
    memset(reader->text + reader->at, ' ', 2);
    for (reader->at += 2; reader->at < reader->length; reader->at++) {
        bool is_end = peek(reader, 0) == '*' && peek(reader, 1) == '/';
        if (is_end)
            reader->text[reader->at++] = ' ';
        if (peek(reader, 0) == '\n')
            reader->line++;
        else
            reader->text[reader->at] = ' ';
        if (is_end) {
            reader->at++;
            return true;
        }
    }
    return fail(reader, opened, "comment is not closed; expected */");
}

static bool is_hex(char c)
{
    return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

/* One backslash in double quotes. */
static bool skip_escape(struct reader *reader)
{
    char kind = peek(reader, 1);
    if (kind == 'x' && is_hex(peek(reader, 2)) && is_hex(peek(reader, 3)) &&
        (peek(reader, 2) != '0' || peek(reader, 3) != '0'))
        reader->at += 4;
    else if (kind != '\0' && strchr("\\\"$nrt", kind) != NULL)
        reader->at += 2;
    else
        return fail(reader, reader->line, "unknown escape; allowed: \\\\ \\\" \\$ \\n \\r \\t \\x01 to \\xFF");
    return true;
}

static bool skip_text(struct reader *reader)
{
    char quote = peek(reader, 0);
    for (reader->at++; peek(reader, 0) != quote;) {
        char c = peek(reader, 0);
        if (c == '\n' || c == '\r' || reader->at >= reader->length)
            return fail(reader, reader->line, "text is not closed; expected its second quote on the same line");
        if (((unsigned char)c < ' ' && c != '\t') || c == 0x7F)
            return fail(reader, reader->line, "control character in a text; write \\x1D or the like");
        if (quote == '"' && c == '$')
            return fail(reader, reader->line, "$ must be written \\$; variables are not replaced");
        if (c != '\\')
            reader->at++;
        else if (quote == '\'')
            reader->at += peek(reader, 1) == '\n' ? 1 : 2;
        else if (!skip_escape(reader))
            return false;
    }
    reader->at++;
    reader->last = quote;
    return true;
}

static bool open_brace(struct reader *reader)
{
    struct config_syntax *syntax = reader->syntax;
    if (reader->section_line != 0 && reader->last != '=') /* libconfuse will say so too; it must not go deeper */
        return fail(reader, reader->line, "section inside a section");
    if (reader->last == '=') {
        reader->list_line = reader->line;
    } else {
        if (syntax->section_count >= CONFIG_SECTIONS_MAX)
            return fail(reader, reader->line, "too many sections");
        syntax->section_lines[syntax->section_count++] = reader->section_line = reader->line;
    }
    reader->last = '{';
    reader->at++;
    return true;
}

static bool close_brace(struct reader *reader)
{
    if (reader->list_line != 0)
        reader->list_line = 0;
    else if (reader->section_line != 0)
        reader->section_line = 0;
    else
        return fail(reader, reader->line, "} without a section or list");
    reader->last = '}';
    reader->at++;
    return true;
}

static bool skip_word(struct reader *reader)
{
    char c = peek(reader, 0);
    if (!is_word(c) && c != '=' && c != ',')
        return error_set(reader->err, ERROR_INVALID, "%d: character %c must stand in quotes", reader->line, c);
    reader->last = c;
    for (reader->at++; is_word(c) && is_word(peek(reader, 0)); reader->at++)
        ;
    if (is_word(c) && (peek(reader, 0) == '#' || peek(reader, 0) == '*'))
        return error_set(reader->err, ERROR_INVALID, "%d: a text with %c must stand in quotes", reader->line,
                         peek(reader, 0));
    return true;
}

static bool skip_blank(struct reader *reader)
{
    char c = peek(reader, 0);
    if (c != ' ' && c != '\t' && c != '\n' && !(c == '\r' && peek(reader, 1) == '\n'))
        return error_set(reader->err, ERROR_INVALID, "%d: control character \\x%02X", reader->line, (unsigned char)c);
    reader->line += c == '\n';
    reader->at++;
    return true;
}

static bool step(struct reader *reader)
{
    char c = peek(reader, 0), next = peek(reader, 1);
    if (c == '#' || (c == '/' && next == '/'))
        return skip_comment(reader);
    if (c == '/' && next == '*')
        return skip_block(reader);
    if (c == '"' || c == '\'')
        return skip_text(reader);
    if (c == '{')
        return open_brace(reader);
    if (c == '}')
        return close_brace(reader);
    return (unsigned char)c <= ' ' || c == 0x7F ? skip_blank(reader) : skip_word(reader);
}

bool config_syntax_check(char *text, size_t length, struct config_syntax *ret_syntax, struct error *err)
{
    struct config_syntax syntax = {0};
    struct reader reader = {.text = text, .length = length, .line = 1, .syntax = &syntax, .err = err};
    while (reader.at < length)
        if (!step(&reader))
            return false;
    if (reader.list_line != 0)
        return fail(&reader, reader.list_line, "list opened here is not closed; expected }");
    if (reader.section_line != 0)
        return fail(&reader, reader.section_line, "section opened here is not closed; expected }");
    *ret_syntax = syntax;
    return true;
}
