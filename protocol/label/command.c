/* SPDX-License-Identifier: Apache-2.0 */
/* ZPL commands: the allow-list and, for the reasons, what is known to do harm. Source: ZPL II programming guide. */
#include "protocol/label/command.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

static const char *const allowed[] = {
    [ZPL_XA] = "^XA", [ZPL_XZ] = "^XZ", [ZPL_CI] = "^CI", [ZPL_PW] = "^PW", [ZPL_LL] = "^LL", [ZPL_LH] = "^LH",
    [ZPL_LS] = "^LS", [ZPL_LT] = "^LT", [ZPL_FO] = "^FO", [ZPL_FT] = "^FT", [ZPL_FW] = "^FW", [ZPL_A] = "^A",
    [ZPL_CF] = "^CF", [ZPL_FB] = "^FB", [ZPL_FH] = "^FH", [ZPL_FD] = "^FD", [ZPL_FS] = "^FS", [ZPL_FR] = "^FR",
    [ZPL_FX] = "^FX", [ZPL_GB] = "^GB", [ZPL_GC] = "^GC", [ZPL_GD] = "^GD", [ZPL_GF] = "^GF", [ZPL_PQ] = "^PQ",
    [ZPL_PO] = "^PO", [ZPL_MD] = "^MD", [ZPL_PR] = "^PR",
};
_Static_assert(sizeof allowed / sizeof allowed[0] == ZPL_OTHER, "a row for each command");

/* Each entry is the beginning of a name. */
static const struct refusal {
    const char *names, *reason;
} refusals[] = {
    {"^CC ~CC ^CD ~CD ^CT ~CT", "it changes the command characters"},
    {"^DF ^IS ^ID ^IM ^IL ~DG ~DY ~DB ~DE ~DN ~DS ~DT ~DU ~EG ^EG ^TO ^CW ^XF ^XG", "it uses the printer's storage"},
    {"~JA ~JR ~JB ~JC ~JD ~JE ~JF ~JG ~JI ~JL ~JN ~JO ~JP ~JQ ~JS ~JX ^JB ^JI ^JJ ^JM ^JS ^JT ^JU ^JW ^JZ ~PP ~PS ^PP "
     "^MM ^MN ^MT ^MP ^MU ^MW ^MF ^MC ^ML ^KN ^KP ^KD ^KL ^ND ^NI ^NB ^NC ^ND ^NN ^NP ^NR ^NS ^NT ^NW ~NC ~NR ~NT ^SX "
     "^SS ^SC ^SE ^SI ^SL ^SO ^SP ^ST ^SZ ~SD ~TA ~WC ~WR ~WQ ^WA ^WD ^WE ^WI ^WP ^WR ^WS ^WX ^ZZ ~RO ^PN ^PM ^PH ~PH "
     "^PF ~PR ~PL ^XB ^XS",
     "it changes the printer's set-up"},
    {"^HH ^HZ ^HF ^HG ^HL ^HT ^HV ^HW ^HY ~HB ~HD ~HI ~HM ~HQ ~HS ~HU ~HL", "it asks the printer"},
    {"^SN ^SF", "the printer would count by itself"},
    {"^RF ^RB ^RS ^RW ^RU ^WT ^WV ~RV", "it writes RFID tags"},
    {"^B", "native barcodes are not validated: use {{code128 …}} or {{dm …}}"},
    {"^FN ^FV ^FP ^FM ^FC ^FE ^FL", "this form of field is not supported"},
};

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static enum zpl_name find(const char *text)
{
    for (int name = 0; name < ZPL_OTHER; name++)
        if (text_equal(text, allowed[name]))
            return (enum zpl_name)name;
    return ZPL_OTHER;
}

/* ^A has one letter, then the font's; ^A@ names a stored font and is its own command. */
static size_t name_length(const char *p, size_t left)
{
    bool is_font = left > 2 && p[0] == '^' && upper(p[1]) == 'A' && p[2] != '@';
    size_t length = is_font ? 2 : 3;
    return length < left ? length : left;
}

bool zpl_next(const char **cursor, const char *end, struct zpl_command *ret_command)
{
    const char *p = *cursor;
    while (p < end && *p != '^' && *p != '~')
        p++;
    if (p == end)
        return false;
    struct zpl_command command = {.at = p};
    size_t length = name_length(p, (size_t)(end - p));
    for (size_t i = 0; i < length; i++)
        command.text[i] = upper(p[i]);
    command.name = find(command.text);
    command.data = p + length;
    const char *data_end = command.data;
    while (data_end < end && *data_end != '^' && *data_end != '~')
        data_end++;
    command.length = (size_t)(data_end - command.data);
    *cursor = data_end;
    *ret_command = command;
    return true;
}

/* True if text begins with one of the blank-separated names. */
static bool matches(const char *text, const char *names)
{
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        if (strncmp(text, names, length) == 0)
            return true;
        names += length + strspn(names + length, " ");
    }
    return false;
}

const char *zpl_refusal(const struct zpl_command *command)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (matches(command->text, refusals[i].names))
            return refusals[i].reason;
    return "it is not on the list of allowed commands";
}
