/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of control cards, and both ways through it. */
#include "protocol/barcode/control.h"

#include "base/memory.h"
#include "protocol/barcode/checkdigit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct control controls[] = {
    [VERB_OK] = {"OK", "OK", "OK"},
    [VERB_UNDO] = {"UNDO", "Undo", "Annuler"},
    [VERB_HELP] = {"HELP", "Help", "Aide"},
    [VERB_INFO] = {"INFO", "Info", "Info"},
    [VERB_NEXT] = {"NEXT", "Next", "Suivant"},
    [VERB_CLOSE] = {"CLOSE", "Close", "Fermer"},
    [VERB_REOPEN] = {"REOPEN", "Reopen", "Rouvrir"},
    [VERB_DROP] = {"DROP", "Put down", "Poser"},
    [VERB_HOLD] = {"HOLD", "Hold", "Bloquer"},
    [VERB_LINK] = {"LINK", "Link", "Lier"},
    [VERB_REPRINT] = {"REPRINT", "Print again", "Réimprimer"},
    [VERB_LOGOUT] = {"LOGOUT", "Sign out", "Quitter"},
    [VERB_SUPER] = {"SUPER", "Supervisor", "Responsable"},
    [VERB_PHOTO] = {"PHOTO", "Photo", "Photo"},
    [VERB_NON] = {"NON", "No", "Non"},
    [VERB_OTHER] = {"OTHER", "Other item", "Autre article"},
    [VERB_NOCODE] = {"NOCODE", "No barcode", "Sans code"},
    [VERB_LIKE] = {"LIKE", "Same as last", "Idem"},
    [VERB_DOCK] = {"DOCK", "Dock", "Quai"},
    [VERB_BENCH] = {"BENCH", "Bench", "Poste"},
    [VERB_TRUCK] = {"TRUCK", "Hand over", "Remettre"},
    [VERB_COUNT_ITEMS] = {"COUNT", "Count", "Compter"},
    [VERB_TOTE] = {"TOTE", "Tote", "Bac"},
    [VERB_GRADE_A] = {"GRI", "Grade A", "État A"},
    [VERB_GRADE_B] = {"GRII", "Grade B", "État B"},
    [VERB_GRADE_C] = {"GRIII", "Grade C", "État C"},
    [VERB_GRADE_D] = {"GRIV", "Grade D", "État D"},
    [VERB_GRADE_E] = {"GRV", "Grade E", "État E"},
    [VERB_RESELL] = {"RESELL", "Resell", "Revendre"},
    [VERB_RESELL_B] = {"OUVERT", "Open box", "Boîte ouverte"},
    [VERB_REFURBISH] = {"REFURB", "Refurbish", "Remettre en état"},
    [VERB_PARTS] = {"PIECES", "Parts", "Pièces"},
    [VERB_LIQUIDATE] = {"SOLDE", "Lot sale", "Solder"},
    [VERB_DONATE] = {"DON", "Donate", "Donner"},
    [VERB_RECYCLE] = {"RCCL", "Recycle", "Recycler"},
    [VERB_DESTROY] = {"DESTRUCT", "Destroy", "Détruire"},
    [VERB_QUARANTINE] = {"ISOLE", "Quarantine", "Isoler"},
    [VERB_RETURN_TO_VENDOR] = {"RTV", "To supplier", "Au fournisseur"},
    [VERB_RETURN_TO_CUSTOMER] = {"RTC", "To customer", "Au client"},
    [VERB_FORWARD] = {"SENDON", "Forward", "Réexpédier"},
    [VERB_LOST] = {"LOST", "Lost", "Perdu"},
    [VERB_VOID] = {"VOID", "Empty", "Vide"},
    [VERB_NOTIN] = {"NOTIN", "Unknown item", "Article inconnu"},
    [VERB_BROKEN] = {"BROKEN", "Damaged", "Abîmé"},
    [VERB_REFUSE] = {"REFUSE", "Refuse", "Refuser"},
    [VERB_UNSEEN] = {"UNSEEN", "Illegible", "Illisible"},
    [VERB_QUANTITY_2] = {"NBII", "+2", "+2"},
    [VERB_QUANTITY_3] = {"NBIII", "+3", "+3"},
    [VERB_QUANTITY_4] = {"NBIV", "+4", "+4"},
    [VERB_QUANTITY_5] = {"NBV", "+5", "+5"},
    [VERB_QUANTITY_10] = {"NBX", "+10", "+10"},
    [VERB_OPTION_1] = {"OPTB", "Option 1", "Option 1"},
    [VERB_OPTION_2] = {"OPTC", "Option 2", "Option 2"},
    [VERB_OPTION_3] = {"OPTD", "Option 3", "Option 3"},
    [VERB_OPTION_4] = {"OPTE", "Option 4", "Option 4"},
    [VERB_OPTION_5] = {"OPTF", "Option 5", "Option 5"},
    [VERB_OPTION_6] = {"OPTG", "Option 6", "Option 6"},
    [VERB_OPTION_7] = {"OPTH", "Option 7", "Option 7"},
    [VERB_OPTION_8] = {"OPTI", "Option 8", "Option 8"},
    [VERB_OPTION_9] = {"OPTJ", "Option 9", "Option 9"},
    [VERB_DIGIT_0] = {"DIGB", "0", "0"},
    [VERB_DIGIT_1] = {"DIGC", "1", "1"},
    [VERB_DIGIT_2] = {"DIGD", "2", "2"},
    [VERB_DIGIT_3] = {"DIGE", "3", "3"},
    [VERB_DIGIT_4] = {"DIGF", "4", "4"},
    [VERB_DIGIT_5] = {"DIGG", "5", "5"},
    [VERB_DIGIT_6] = {"DIGH", "6", "6"},
    [VERB_DIGIT_7] = {"DIGI", "7", "7"},
    [VERB_DIGIT_8] = {"DIGJ", "8", "8"},
    [VERB_DIGIT_9] = {"DIGK", "9", "9"},
};
_Static_assert(COUNT_OF(controls) == VERB_COUNT, "every verb has its card");

const struct control *control_of(enum verb verb)
{
    return (unsigned)verb < VERB_COUNT && controls[verb].code != NULL ? &controls[verb] : NULL;
}

bool control_encode(enum verb verb, char *target)
{
    const struct control *control = control_of(verb);
    if (control == NULL)
        return false;
    int length = snprintf(target, CONTROL_SIZE, CONTROL_PREFIX "%s", control->code);
    target[length] = checkdigit_control(target, (size_t)length);
    target[length + 1] = '\0';
    return true;
}

enum verb control_decode(const char *text)
{
    char code[CONTROL_SIZE];
    for (int verb = VERB_NONE + 1; verb < VERB_COUNT; verb++)
        if (control_encode((enum verb)verb, code) && strcasecmp(code, text) == 0)
            return (enum verb)verb;
    return VERB_NONE;
}
