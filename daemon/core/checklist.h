/* SPDX-License-Identifier: Apache-2.0 */
/* What an inspector is asked about a unit: questions as data, the answers given so far, and the next question. Pure. */
#ifndef DAEMON_CORE_CHECKLIST_H
#define DAEMON_CORE_CHECKLIST_H

#include "daemon/core/model.h"

#define ANSWER_SIZE 25      /* ids of questions, options and the answers themselves: at most 24 bytes */
#define QUESTION_TEXT 61    /* a question is a line of the screen and an argument of a message */
#define QUESTIONS_MAX 16
#define OPTIONS_MAX 9       /* as many as there are cards */
#define DIGITS_MAX 9
#define ANSWERS_SIZE (QUESTIONS_MAX * (2 * ANSWER_SIZE + 2) + 1)

enum ask { ASK_IF_NOT_IMPLIED, ASK_ALWAYS, ASK_COUNT };
enum question_type { QUESTION_YES_NO, QUESTION_OPTION, QUESTION_NUMBER, QUESTION_TYPE_COUNT };
/* What the program itself makes of an answer; the rest is for the policy's conditions and for the ERP. */
enum question_role {
    QUESTION_PLAIN,
    QUESTION_SEALED,   /* yes: factory-sealed, everything else counts as for grade A */
    QUESTION_UNOPENED, /* no: hygiene goods are not safe to sell */
    QUESTION_CONTENT,  /* no: it is not the article it should be */
    QUESTION_COMPLETE, /* no: parts are missing */
    QUESTION_MISSING,  /* which part is missing */
    QUESTION_REASON,   /* the reason found; its option cards also work before the grade */
    QUESTION_ROLE_COUNT,
};
extern const struct names answer_names /* yes, no */, ask_names, question_type_names, question_role_names;

struct question_option {
    char id[ANSWER_SIZE];
    char text_en[QUESTION_TEXT], text_fr[QUESTION_TEXT];
    char reason[KEY_SIZE]; /* the reason that this answer says was found, or "" */
};

struct question {
    char id[ANSWER_SIZE];
    char text_en[QUESTION_TEXT], text_fr[QUESTION_TEXT];
    enum question_type type;
    enum question_role role;
    enum ask ask;
    char implied[GRADE_COUNT][ANSWER_SIZE];            /* what a grade answers, "" = nothing */
    char if_question[ANSWER_SIZE], if_answer[ANSWER_SIZE]; /* only asked after this answer, "" = always */
    char reason_yes[KEY_SIZE], reason_no[KEY_SIZE];    /* YES_NO: the reason that the answer says was found, or "" */
    struct question_option *options;
    size_t option_count;
};

struct checklist {
    char id[KEY_SIZE];
    int64_t version;
    char *categories;        /* '\n' between them; NULL = none, only by its id */
    int scans;               /* its stated budget: checklist_scans of grade A */
    struct question *questions;
    size_t question_count;
};

struct checklist_set {
    struct checklist *checklists;
    size_t count;
};

/* The answers of a unit and the digits of the number it is asked for. Zeroed: nothing was asked yet. */
struct inspection {
    int64_t unit_id; /* 0 = none */
    char checklist[KEY_SIZE];
    int64_t checklist_version;
    char digits[DIGITS_MAX + 1];
    char answers[ANSWERS_SIZE]; /* a line "question=answer" each, "question~answer" if the grade implied it */
};

struct given_answer {
    char question[ANSWER_SIZE], answer[ANSWER_SIZE];
    bool implied;
};

/* The checklist that the product names, else that of its category, else "default", else NULL. */
const struct checklist *checklist_select(const struct checklist_set *set, const struct product *product);
const struct question *checklist_question(const struct checklist *checklist, const char *id);
const struct question *checklist_role(const struct checklist *checklist, enum question_role role);

/* The answer to a question, "" if there is none. */
const char *inspection_answer(const struct inspection *inspection, const char *question,
                              struct given_answer *ret_answer);
/* The answer to the question with that role, "" if there is none. */
const char *inspection_role(const struct inspection *inspection, const struct checklist *checklist,
                            enum question_role role, struct given_answer *ret_answer);
/* Answers a question, in place of what was answered before. */
void inspection_put(struct inspection *inspection, const char *question, const char *answer, bool implied);
/* Writes what the grade (A where the goods are factory-sealed) implies in place of what an earlier one implied; what a
   person answered stays. */
void inspection_grade(struct inspection *inspection, const struct checklist *checklist, enum grade grade);
/* The answers in the order of the checklist; returns how many. */
size_t inspection_list(const struct inspection *inspection, struct given_answer ret_answers[QUESTIONS_MAX]);
/* The question to ask next, NULL = none is left. checklist may be NULL. */
const struct question *checklist_next(const struct checklist *checklist, const struct inspection *inspection,
                                      enum grade grade);
/* The reason that the answers say was found: the last question that says one wins; "" = none does. */
const char *checklist_reason(const struct checklist *checklist, const struct inspection *inspection);
/* Answers everything that this grade leaves open: not sealed, else yes, 1 or the first option. Returns the scans that
   takes. */
int inspection_assume(struct inspection *inspection, const struct checklist *checklist, enum grade grade);
/* Scans that a single unit of this grade takes from parcel to label, its answers as inspection_assume gives them. */
int checklist_scans(const struct checklist *checklist, enum grade grade);

/* Frees what a checklist or a set owns, and zeroes it. */
void checklist_done(struct checklist *checklist);
void checklist_set_done(struct checklist_set *set);

#endif
