/* SPDX-License-Identifier: Apache-2.0 */
/* Our own few words and those of the API's enumerations, in both languages; sentences come from the daemon. */
#include "base/memory.h"
#include "base/text.h"
#include "ctl/show.h"

static const struct {
    const char *word, *en, *fr;
} words[] = {
    /* ours */
    {"yes", "yes", "oui"},
    {"no", "no", "non"},
    {"next", "Next", "Ensuite"},
    {"parcel", "Parcel", "Colis"},
    {"no parcel", "no parcel in hand", "aucun colis en main"},
    {"unit", "Unit", "Article"},
    {"no unit", "no unit in hand", "aucun article en main"},
    {"grade", "grade", "état"},
    {"cards", "Cards", "Cartes"},
    {"label", "Label", "Étiquette"},
    {"no label", "none yet", "aucune"},
    {"copy", "copy", "exemplaire"},
    {"actions", "Last actions", "Dernières actions"},
    {"nobody", "nobody signed in", "personne n'est identifié"},
    {"connection lost", "CONNECTION LOST", "CONNEXION PERDUE"},
    {"connection lost detail", "What you see may be old. Reconnecting…", "L'affichage peut être ancien. Reconnexion…"},
    {"connecting", "CONNECTING", "CONNEXION"},
    {"connecting detail", "Waiting for the station…", "En attente de la station…"},
    /* signals */
    {"ok", "OK", "OK"},
    {"info", "INFO", "INFO"},
    {"attention", "ATTENTION", "ATTENTION"},
    {"stop", "STOP", "STOP"},
    /* verdicts, dispositions */
    {"accepted", "accepted", "accepté"},
    {"rejected", "rejected", "rejeté"},
    {"manual", "to be decided", "à décider"},
    {"resell", "resell", "revente"},
    {"resell_b", "resell as B-stock", "revente second choix"},
    {"refurbish", "refurbish", "reconditionnement"},
    {"parts", "parts", "pièces"},
    {"recycle", "recycle", "recyclage"},
    {"destroy", "destroy", "destruction"},
    {"donate", "donate", "don"},
    {"liquidate", "liquidate", "liquidation"},
    {"quarantine", "quarantine", "quarantaine"},
    {"return_to_vendor", "return to vendor", "retour fournisseur"},
    {"return_to_customer", "return to customer", "renvoi au client"},
    {"forward", "forward", "réexpédition"},
    {"missing", "missing", "manquant"},
    /* states of parcels, units, labels */
    {"expected", "expected", "attendu"},
    {"arrived", "arrived", "arrivé"},
    {"open", "open", "ouvert"},
    {"closed", "closed", "fermé"},
    {"held", "held", "retenu"},
    {"refused", "refused", "refusé"},
    {"lost", "lost", "perdu"},
    {"empty", "empty", "vide"},
    {"identified", "identified", "identifié"},
    {"inspecting", "in inspection", "en contrôle"},
    {"graded", "graded", "classé"},
    {"decided", "decided", "décidé"},
    {"labelled", "labelled", "étiqueté"},
    {"done", "done", "terminé"},
    {"released", "released", "sorti"},
    {"destroyed", "destroyed", "détruit"},
    {"void", "void", "annulé"},
    {"queued", "queued", "en attente"},
    {"sending", "sending", "envoi"},
    {"sent", "sent", "envoyée"},
    {"printed", "printed", "imprimée"},
    {"confirmed", "confirmed", "confirmée"},
    {"needs_attention", "needs attention", "à vérifier"},
    {"unknown", "unknown", "inconnu"},
    {"voided", "voided", "annulée"},
    {"recalled", "recalled", "rappelée"},
};

const char *show_word(const char *word, const char *lang)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(words[i].word, word))
            return text_equal(lang, "fr") ? words[i].fr : words[i].en;
    return word;
}
