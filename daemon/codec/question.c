/* SPDX-License-Identifier: Apache-2.0 */
/* Each answer with the card that gives it. */
#include "daemon/codec/question.h"

#include "base/text.h"
#include "daemon/codec/put.h"
#include "daemon/core/workflow.h"
#include "protocol/barcode/control.h"

static json_t *choice(enum verb verb, const char *answer, const char *en, const char *fr)
{
    char card[CONTROL_SIZE] = "";
    control_encode(verb, card);
    return json_pack("{s:s, s:s, s:s, s:s}", "answer", answer, "card", card, "en", en, "fr", fr);
}

static json_t *choices(const struct catalog *catalog, const struct question *question)
{
    static const enum verb cards[] = {VERB_OK, VERB_NON};
    json_t *array = json_array();
    for (int i = 0; question->type == QUESTION_YES_NO && i < answer_names.count; i++) {
        char key[20];
        TEXT_FORMAT(key, "answer.%s", name_of(&answer_names, i));
        json_array_append_new(array, choice(cards[i], name_of(&answer_names, i),
                                            catalog_word(catalog, LANGUAGE_EN, key),
                                            catalog_word(catalog, LANGUAGE_FR, key)));
    }
    for (size_t i = 0; i < question->option_count; i++)
        json_array_append_new(array, choice((enum verb)(VERB_OPTION_1 + (int)i), question->options[i].id,
                                            question->options[i].text_en, question->options[i].text_fr));
    return array;
}

json_t *question_json(const struct catalog *catalog, const struct lane_rules *rules, const struct unit_facts *unit)
{
    const struct question *question = workflow_question(rules, unit);
    if (question == NULL)
        return json_null();
    json_t *object = json_object();
    put_text(object, "id", question->id);
    put_word(object, "type", &question_type_names, (int)question->type, -1);
    put_text(object, "en", question->text_en);
    put_text(object, "fr", question->text_fr);
    put_text(object, "typed", unit->inspection.digits);
    put(object, "options", choices(catalog, question));
    return object;
}
