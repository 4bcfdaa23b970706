/* SPDX-License-Identifier: Apache-2.0 */
/* What the station says: a key and arguments. Text in English and French is made at the edge (daemon/text). */
#ifndef DAEMON_CORE_MESSAGE_H
#define DAEMON_CORE_MESSAGE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* Every message: identifier, key in data/texts. {0} … {2} in the text are the arguments. */
#define MESSAGES(M)                                                                                                    \
    M(NONE, "none")                                                                                                    \
    M(NOT_STORED, "lane.not_stored")         /* the commit failed: nothing happened */                                 \
    M(ALREADY_STORED, "lane.already_stored") /* put in front of the stored answer after a restart */                   \
    M(RELEASED, "lane.released")                                                                                       \
    M(NOTHING_TO_DO, "lane.nothing_to_do") /* OK with nothing asked */                                                 \
    M(NOT_HERE, "lane.not_here")           /* a command that this state does not list: {0} card */                     \
    M(CANCELLED, "lane.cancelled")         /* UNDO on a question */                                                    \
    M(UNREADABLE, "scan.unreadable")                                                                                   \
    M(TOO_LONG, "scan.too_long")       /* {0} bytes, {1} allowed */                                                    \
    M(CHECK_DIGIT, "scan.check_digit") /* {0} code */                                                                  \
    M(REFUSED_CODE, "scan.refused")    /* {0} code, {1} reason */                                                      \
    M(UNKNOWN_CODE, "scan.unknown")    /* {0} code */                                                                  \
    M(AMBIGUOUS, "scan.ambiguous")     /* {0} code, {1} how many RMAs */                                               \
    M(SIGNED_IN, "operator.signed_in") /* {0} name */                                                                  \
    M(SIGNED_OUT, "operator.signed_out")                                                                               \
    M(OUT_UNLABELLED, "operator.out_unlabelled") /* {0} sku */                                                         \
    M(INFO_NOTHING, "info.nothing")                                                                                    \
    M(INFO_PARCEL, "info.parcel")   /* {0} parcel code, {1} units, {2} pieces not seen */                              \
    M(INFO_UNIT, "info.unit")       /* {0} sku, {1} lpn, {2} state */                                                  \
    M(INFO_DECIDED, "info.decided") /* {0} sku, {1} disposition, {2} rules */                                          \
    M(BADGE_UNKNOWN, "operator.badge_unknown")                                                                         \
    M(SIGN_IN_FIRST, "operator.sign_in_first")                                                                         \
    M(LEAD_NEEDED, "operator.lead_needed") /* SUPER: whose badge */                                                    \
    M(NOT_A_LEAD, "operator.not_a_lead")   /* {0} name */                                                              \
    M(MODE_DOCK, "lane.mode_dock")                                                                                     \
    M(MODE_BENCH, "lane.mode_bench")                                                                                   \
    M(MODE_FIXED, "lane.mode_fixed")                                                                                   \
    M(PARCEL_RECEIVED, "parcel.received")           /* {0} rma */                                                      \
    M(PARCEL_RECEIVED_LATE, "parcel.received_late") /* {0} rma, {1} its state */                                       \
    M(PARCEL_OPENED, "parcel.opened")               /* {0} rma, {1} lines */                                           \
    M(PARCEL_ALREADY, "parcel.already")             /* {0} code: the same parcel again */                              \
    M(PARCEL_UNKNOWN, "parcel.unknown")             /* {0} code: HOLD label */                                         \
    M(PARCEL_HELD, "parcel.held")                   /* {0} parcel code, {1} hold kind */                               \
    M(PARCEL_CLOSED, "parcel.closed")               /* {0} rma */                                                      \
    M(PARCEL_IS_CLOSED, "parcel.is_closed")                                                                            \
    M(PARCEL_NOT_HERE, "parcel.not_here")   /* {0} state */                                                            \
    M(PARCEL_ELSEWHERE, "parcel.elsewhere") /* {0} lane, {1} operator */                                               \
    M(PARCEL_DROPPED, "parcel.dropped")                                                                                \
    M(PARCEL_OPEN_LINES, "parcel.open_lines")         /* {0} pieces not seen or not labelled */                        \
    M(PARCEL_SECOND_BOX, "parcel.second_box")         /* {0} rma: NEXT = another box */                                \
    M(PARCEL_ALIAS_OR_BOX, "parcel.alias_or_box")     /* {0} rma: OK = same box, NEXT = another box */                 \
    M(PARCEL_ALIAS_ADDED, "parcel.alias_added")       /* {0} rma */                                                    \
    M(PARCEL_FIRST, "parcel.first")                   /* an item with no parcel in hand */                             \
    M(UNIT_IDENTIFIED, "unit.identified")             /* {0} sku, {1} received, {2} expected */                        \
    M(UNIT_NOT_EXPECTED, "unit.not_expected")         /* {0} sku */                                                    \
    M(UNIT_LINE_FULL, "unit.line_full")               /* {0} sku, {1} expected */                                      \
    M(UNIT_OVERAGE, "unit.overage")                   /* {0} sku */                                                    \
    M(UNIT_UNEXPECTED, "unit.unexpected")             /* {0} sku */                                                    \
    M(UNIT_ALREADY_RETURNED, "unit.already_returned") /* {0} serial */                                                 \
    M(UNIT_SERIAL_NEEDED, "unit.serial_needed")                                                                        \
    M(UNIT_SERIAL_OK, "unit.serial_ok")             /* {0} serial */                                                   \
    M(UNIT_SERIAL_MISMATCH, "unit.serial_mismatch") /* {0} serial */                                                   \
    M(UNIT_IN_HAND, "unit.in_hand")                 /* {0} sku: finish it first */                                     \
    M(UNIT_CHOOSE, "unit.choose")                   /* {0} grade */                                                    \
    M(UNIT_DECIDED, "unit.decided")                 /* {0} disposition, {1} lpn */                                     \
    M(UNIT_NOT_ALLOWED, "unit.not_allowed")         /* {0} disposition */                                              \
    M(UNIT_BANNED, "unit.banned")                   /* {0} disposition: not by a lead either */                        \
    M(UNIT_ALREADY, "unit.already")                 /* {0} disposition */                                              \
    M(UNIT_OVERRIDDEN, "unit.overridden")           /* {0} disposition, {1} lpn: throw the first label away */         \
    M(UNIT_REGRADE_LEAD, "unit.regrade_lead")       /* {0} lpn: graded by another, or on another day */                \
    M(UNIT_WORKSHOP, "unit.workshop")               /* {0} lpn, {1} disposition, {2} location: option 1 or 2 */        \
    M(UNIT_REPAIRED, "unit.repaired")               /* {0} lpn */                                                      \
    M(UNIT_NOT_REPAIRABLE, "unit.not_repairable")   /* {0} lpn */                                                      \
    M(UNIT_VOIDED, "unit.voided")                   /* {0} sku */                                                      \
    M(UNIT_WHAT_IS_THERE, "unit.what_is_there")     /* {0} sku expected */                                             \
    M(UNIT_NOT_AS_EXPECTED, "unit.not_as_expected") /* {0} sku expected, {1} sku found */                              \
    M(UNIT_UNIDENTIFIED, "unit.unidentified")                                                                          \
    M(UNIT_SERIAL_ILLEGIBLE, "unit.serial_illegible")                                                                  \
    M(UNIT_NEEDS_LEAD, "unit.needs_lead") /* {0} disposition */                                                        \
    M(UNIT_DIGITS, "unit.digits")         /* {0} digits so far: OK ends, UNDO deletes */                               \
    M(LIKE_ON, "like.on")                 /* {0} sku, {1} grade */                                                     \
    M(LIKE_NOTHING, "like.nothing")                                                                                    \
    M(UNIT_CONFIRMED, "unit.confirmed")               /* {0} disposition, {1} location */                              \
    M(UNIT_CONFIRMED_CLOSED, "unit.confirmed_closed") /* {0} disposition, {1} location, {2} rma */                     \
    M(UNIT_WHERE, "unit.where")                       /* {0} lpn, {1} disposition, {2} location */                     \
    M(CONTAINER_TAKEN, "container.taken")             /* {0} code, {1} disposition, {2} units */                       \
    M(CONTAINER_CLOSED, "container.closed")           /* likewise */                                                   \
    M(CONTAINER_GONE, "container.gone")               /* likewise */                                                   \
    M(CONTAINER_OTHER, "container.other")             /* likewise: another disposition or owner */                     \
    M(CONTAINER_UNKNOWN, "container.unknown")         /* {0} code */                                                   \
    M(CONTAINER_EMPTY, "container.empty")             /* {0} code */                                                   \
    M(CONTAINER_CLOSE_FIRST, "container.close_first") /* {0} code */                                                   \
    M(CONTAINER_WHICH, "container.which")                                                                              \
    M(CONTAINER_RECEIVER, "container.receiver")       /* {0} code, {1} disposition, {2} units */                       \
    M(CONTAINER_HANDED_OVER, "container.handed_over") /* {0} code, {1} disposition, {2} units */                       \
    M(PLACE_SET, "place.set")                         /* {0} code */                                                   \
    M(PLACE_NO_CONTAINER, "place.no_container") /* {0} code */                                                         \
    M(PLACE_NO_LOCATION, "place.no_location") /* {0} code */                                                           \
    M(UNIT_CARRIER, "unit.carrier") /* {0} disposition, {1} place */                                                   \
    M(UNIT_CARRIER_AWAITED, "unit.carrier_awaited") /* {0} disposition, {1} place */                                   \
    M(UNIT_RELABEL_BOTH, "unit.relabel_both") /* {0} lpn, {1} disposition */                                           \
    M(CARRIER_PRINTED, "carrier.printed") /* {0} lpn */                                                                \
    M(CARRIER_REPLACED, "carrier.replaced") /* {0} lpn */                                                              \
    M(CARRIER_AWAITED, "carrier.awaited") /* {0} lpn, {1} disposition, {2} place */                                    \
    M(CARRIER_DPI, "carrier.dpi") /* {0} lpn, {1} dpi */                                                               \
    M(CARRIER_OFF, "carrier.off") /* {0} lpn */                                                                        \
    M(UNDO_CONTAINER, "undo.container")               /* {0} code: it is closed */                                     \
    M(UNIT_GONE, "unit.gone")                         /* {0} lpn */                                                    \
    M(PARCEL_NO_CODE, "parcel.no_code")                                                                                \
    M(PARCEL_HOLD_WHY, "parcel.hold_why")                                                                              \
    M(PARCEL_RELEASE_HOW, "parcel.release_how")   /* {0} parcel code, {1} hold kind */                                 \
    M(PARCEL_NO_MRN, "parcel.no_mrn")             /* {0} parcel code, {1} hold kind */                                 \
    M(PARCEL_GOES_ON, "parcel.goes_on")           /* {0} parcel code */                                                \
    M(PARCEL_REFUSED, "parcel.refused")           /* {0} parcel code */                                                \
    M(PARCEL_BLIND, "parcel.blind")               /* {0} parcel code */                                                \
    M(PARCEL_LINK_TO, "parcel.link_to")           /* {0} parcel code */                                                \
    M(PARCEL_LINKED, "parcel.linked")             /* {0} rma */                                                        \
    M(PARCEL_STICKY, "parcel.sticky")             /* {0} rma */                                                        \
    M(PARCEL_OTHER_RMA, "parcel.other_rma")       /* {0} sku, {1} rma */                                               \
    M(PARCEL_DAMAGED, "parcel.damaged")           /* {0} parcel code */                                                \
    M(PARCEL_EMPTY, "parcel.empty")               /* {0} parcel code */                                                \
    M(PARCEL_LINE_MISSING, "parcel.line_missing") /* {0} sku, {1} rma, {2} pieces */                                   \
    M(PARCEL_REOPENED, "parcel.reopened")         /* {0} parcel code */                                                \
    M(PARCEL_REOPEN_WHICH, "parcel.reopen_which")                                                                      \
    M(PARCEL_REOPEN_LEAD, "parcel.reopen_lead")       /* {0} parcel code: closed on another day */                     \
    M(LOAD_OPENED, "load.opened")                     /* {0} code, {1} parcels so far, {2} expected */                 \
    M(LOAD_OPENED_UNCOUNTED, "load.opened_uncounted") /* {0} code */                                                   \
    M(LOAD_SO_FAR, "load.so_far")                     /* {0} code, {1} parcels */                                      \
    M(LOAD_CLOSED, "load.closed")                     /* {0} code, {1} parcels */                                      \
    M(LOAD_CLOSED_DIFFERS, "load.closed_differs")     /* {0} code, {1} parcels, {2} expected */                        \
    M(LOAD_IS_CLOSED, "load.is_closed")               /* {0} code, {1} parcels */                                      \
    M(LOAD_REOPEN_WHICH, "load.reopen_which")                                                                          \
    M(LOAD_REOPEN_LEAD, "load.reopen_lead") /* {0} code */                                                             \
    M(LOAD_DROPPED, "load.dropped")         /* {0} code */                                                             \
    M(LOAD_AT_DOCK, "load.at_dock")         /* {0} code */                                                             \
    M(BATCH_OPEN, "batch.open")             /* {0} code, {1} units */                                                  \
    M(BATCH_ADDED, "batch.added")           /* {0} lpn or container, {1} batch, {2} units */                           \
    M(BATCH_NOT_FOR, "batch.not_for")       /* {0} lpn */                                                              \
    M(BATCH_ALREADY, "batch.already")       /* {0} lpn */                                                              \
    M(BATCH_EMPTY, "batch.empty")           /* {0} code */                                                             \
    M(BATCH_REASON, "batch.reason")         /* {0} code, {1} units */                                                  \
    M(BATCH_ROUTE, "batch.route")           /* {0} code, {1} units */                                                  \
    M(BATCH_WEIGHT, "batch.weight")         /* {0} code, {1} units, {2} g */                                           \
    M(BATCH_DIGITS, "batch.digits")         /* {0} digits so far */                                                    \
    M(BATCH_BADGE, "batch.badge")           /* {0} code, {1} units, {2} g */                                           \
    M(BATCH_TWO_BADGES, "batch.two_badges")                                                                            \
    M(BATCH_SEALED, "batch.sealed")           /* {0} code, {1} units, {2} g */                                         \
    M(BATCH_PROOF, "batch.proof")             /* {0} code */                                                           \
    M(BATCH_DESTROYED, "batch.destroyed")     /* {0} code, {1} units, {2} g */                                         \
    M(UNDO_SEALED, "undo.sealed")             /* {0} batch */                                                          \
    M(LABEL_OLD, "label.old")                 /* {0} lpn */                                                            \
    M(LABEL_OF_OTHER, "label.of_other")       /* {0} lpn scanned, {1} lpn in hand */                                   \
    M(LABEL_UNKNOWN, "label.unknown")         /* {0} lpn */                                                            \
    M(LABEL_NOT_PRINTED, "label.not_printed") /* {0} lpn: its job is queued or voided */                               \
    M(LABEL_REPRINTED, "label.reprinted")     /* {0} code, {1} copy */                                                 \
    M(LABEL_NONE, "label.none")                                                                                        \
    M(LABEL_TOO_BIG, "label.too_big")       /* {0} what does not fit */                                                \
    M(COUNT_SO_FAR, "count.so_far")         /* {0} pieces, {1} sku: more, or OK */                                     \
    M(COUNT_TAKEN, "count.taken")           /* {0} pieces, {1} sku */                                                  \
    M(COUNT_WRONG, "count.wrong")           /* {0} counted, {1} sku, {2} open */                                       \
    M(COUNT_TOO_MANY, "count.too_many")     /* {0} at most */                                                          \
    M(COUNT_DROPPED, "count.dropped")       /* {0} pieces as before */                                                 \
    M(COUNT_ONE_BY_ONE, "count.one_by_one") /* {0} sku with numbers of its own */                                      \
    M(COUNT_WHAT, "count.what")             /* no item in hand */                                                      \
    M(NEXT_COUNT, "next.count")                                                                                        \
    M(LABEL_SWAPPED, "label.swapped")         /* {0} the LPN that was printed */                                       \
    M(LABEL_USED, "label.used")               /* {0} LPN */                                                            \
    M(UNIT_LABELLED, "unit.labelled")         /* {0} disposition: it has no place yet */                               \
    M(UNIT_WHOSE, "unit.whose")               /* {0} sku, {1} RMAs */                                                  \
    M(UNIT_WAITS, "unit.waits")               /* {0} sku, {1} lpn: begun before */                                     \
    M(ASKING_ERP, "lane.asking_erp")          /* {0} code */                                                           \
    M(PARCEL_UNVERIFIED, "parcel.unverified") /* {0} code */                                                           \
    M(UNIT_PENDING, "unit.pending")           /* {0} sku: its RMA is not verified yet */                               \
    M(UNIT_RELABEL, "unit.relabel")           /* {0} lpn, {1} disposition */                                           \
    M(ERP_VERIFIED, "erp.verified")           /* {0} parcel code, {1} rma */                                           \
    M(ERP_NO_SUCH, "erp.no_such")             /* {0} parcel code */                                                    \
    M(ERP_UNIT, "erp.unit")                   /* {0} lpn, {1} disposition: scan its label */                           \
    M(ERP_CHOOSE, "erp.choose")               /* {0} lpn: scan its label, then choose */                               \
    M(ERP_EXCEPTION, "erp.exception")         /* {0} lpn or parcel code, {1} type of exception */                      \
    M(ERP_PARCEL, "erp.parcel")               /* {0} parcel code, {1} its state now */                                 \
    M(ERP_COMPLETED, "erp.completed")         /* {0} rma */                                                            \
    M(ERP_NOTHING, "erp.nothing")             /* nothing to do any more */                                             \
    M(PHOTO_TAKE, "photo.take")       /* {0} lpn or parcel code */                                                     \
    M(PHOTO_STORED, "photo.stored")   /* {0} likewise, {1} its photos */                                               \
    M(PHOTO_ALREADY, "photo.already") /* {0} likewise */                                                               \
    M(PHOTO_ENOUGH, "photo.enough")   /* {0} likewise, {1} its photos */                                               \
    M(PHOTO_NOTHING, "photo.nothing") /* nothing in hand */                                                            \
    M(UNDO_NOTHING, "undo.nothing")                                                                                    \
    M(UNDO_NOT_YOURS, "undo.not_yours")                                                                                \
    M(UNDO_LATER, "undo.later")             /* something later depends on it */                                        \
    M(UNDO_DONE, "undo.done")               /* {0} what was undone */                                                  \
    M(UNDO_THROW_LABEL, "undo.throw_label") /* {0} lpn: throw its label away */                                        \
    M(NEXT_BADGE, "next.badge")                                                                                        \
    M(NEXT_PARCEL, "next.parcel")                                                                                      \
    M(NEXT_ITEM, "next.item")                                                                                          \
    M(NEXT_SERIAL, "next.serial")                                                                                      \
    M(NEXT_GRADE, "next.grade")                                                                                        \
    M(NEXT_DISPOSITION, "next.disposition")                                                                            \
    M(NEXT_LABEL, "next.label")                                                                                        \
    M(NEXT_QUESTION, "next.question") /* {0} the question, in both languages */                                        \
    M(NEXT_OK, "next.ok")                                                                                              \
    M(NEXT_ANSWER, "next.answer")                                                                                      \
    M(NEXT_LEAD, "next.lead")                                                                                          \
    M(NEXT_LEAD_BADGE, "next.lead_badge")                                                                              \
    M(NEXT_OTHER, "next.other")                                                                                        \
    M(NEXT_CONTAINER, "next.container")                                                                                \
    M(NEXT_RECEIVER, "next.receiver")                                                                                  \
    M(NEXT_LINK, "next.link")                                                                                          \
    M(NEXT_OPTION, "next.option")                                                                                      \
    M(NEXT_RMA, "next.rma")                                                                                            \
    M(NEXT_LINE, "next.line")                                                                                          \
    M(NEXT_WEIGHT, "next.weight")                                                                                      \
    M(NEXT_SECOND_BADGE, "next.second_badge")                                                                          \
    M(NEXT_PROOF, "next.proof")                                                                                        \
    M(NEXT_AGAIN, "next.again")                                                                                        \
    M(NEXT_LEAVE, "next.leave")                                                                                        \
    M(RULE_WINDOW_OK, "rule.window_ok") /* {0} days used, {1} days allowed */                                          \
    M(RULE_WINDOW_UNLIMITED, "rule.window_unlimited")                                                                  \
    M(RULE_WINDOW_EXCEEDED, "rule.window_exceeded") /* {0} days used, {1} days allowed */                              \
    M(RULE_WINDOW_UNKNOWN, "rule.window_unknown")   /* no reference date: it is not checked */                         \
    M(RULE_WINDOW_EXTENDED, "rule.window_extended") /* {0} days used, {1} days allowed by an extension */              \
    M(RULE_CLOCK_UNSURE, "rule.clock_unsure")                                                                          \
    M(RULE_POLICY, "rule.policy")       /* {0} id, {1} version, {2} class */                                           \
    M(RULE_NO_POLICY, "rule.no_policy") /* {0} the one the RMA names, or "" */                                         \
    M(RULE_WARRANTY, "rule.warranty")                                                                                  \
    M(RULE_PERSONALISED, "rule.personalised")                                                                          \
    M(RULE_EXCLUDED, "rule.excluded")             /* {0} sku */                                                        \
    M(RULE_CONDITION, "rule.condition")           /* {0} question */                                                   \
    M(RULE_CONDITION_OPEN, "rule.condition_open") /* {0} question nobody asked */                                      \
    M(RULE_OUTCOME, "rule.outcome")               /* {0} method */                                                     \
    M(RULE_CONTENT, "rule.content")                                                                                    \
    M(RULE_RECALL, "rule.recall")   /* {0} recall */                                                                   \
    M(RULE_EXPIRED, "rule.expired") /* {0} date */                                                                     \
    M(RULE_EXPIRY_UNKNOWN, "rule.expiry_unknown")                                                                      \
    M(RULE_HAZMAT, "rule.hazmat")                                                                                      \
    M(RULE_HAZMAT_CLASS, "rule.hazmat_class")                                                                          \
    M(RULE_NOT_CONFIRMED, "rule.not_confirmed")                                                                        \
    M(RULE_OPEN_EXCEPTION, "rule.open_exception")                                                                      \
    M(RULE_ESPR, "rule.espr")                                                                                          \
    M(RULE_NEEDS_LEAD, "rule.needs_lead") /* {0} disposition */                                                        \
    M(RULE_FEE, "rule.fee")               /* {0} fee, {1} amount */                                                    \
    M(RULE_FEE_FREE, "rule.fee_free")     /* {0} fee */                                                                \
    M(RULE_FEE_BORNE, "rule.fee_borne")   /* {0} fee */                                                                \
    M(RULE_PAID, "rule.paid")                                                                                          \
    M(RULE_DUE_BY, "rule.due_by")     /* {0} date */                                                                   \
    M(RULE_APPROVAL, "rule.approval") /* {0} limit */                                                                  \
    M(RULE_DUTIES, "rule.duties")                                                                                      \
    M(RULE_FINAL_SALE, "rule.final_sale")                                                                              \
    M(RULE_RMA_STATE, "rule.rma_state") /* {0} state */                                                                \
    M(RULE_NO_LINE, "rule.no_line")                                                                                    \
    M(RULE_UNVERIFIED, "rule.unverified")                                                                              \
    M(RULE_WITHDRAWN, "rule.withdrawn")                                                                                \
    M(RULE_ERP, "rule.erp")         /* {0} reason */                                                                   \
    M(RULE_PROBLEM, "rule.problem") /* {0} problem */                                                                  \
    M(RULE_CUSTOMER_TITLE, "rule.customer_title")                                                                      \
    M(RULE_HYGIENE, "rule.hygiene")                                                                                    \
    M(RULE_GRADE, "rule.grade")         /* {0} grade, {1} how many dispositions */                                     \
    M(RULE_FORBIDDEN, "rule.forbidden") /* {0} disposition */                                                          \
    M(RULE_LEAD, "rule.lead")           /* {0} disposition */                                                          \
    M(RULE_CHOSEN, "rule.chosen")       /* {0} disposition */

#define MESSAGE_ENUM(identifier, key) MESSAGE_##identifier,
enum message_key { MESSAGES(MESSAGE_ENUM) MESSAGE_COUNT };
#undef MESSAGE_ENUM

enum arg_kind {
    ARG_NONE, ARG_TEXT, ARG_NUMBER,
    ARG_KEY,  /* itself a key of data/texts, such as "disposition.resell" */
    ARG_LOCAL /* English; the argument behind it is the same in French */
};

#define MESSAGE_ARGS_MAX 3
#define MESSAGE_ARG_SIZE 64

struct message_arg {
    enum arg_kind kind;
    int64_t number;
    char text[MESSAGE_ARG_SIZE];
};

struct message {
    enum message_key key;
    struct message_arg args[MESSAGE_ARGS_MAX];
};

/* Builders that chain: message_number(message_text(message(KEY), 0, sku), 1, 3). Long texts are cut; data is escaped.
 */
struct message message_of(enum message_key key);
struct message message_text(struct message message, int index, const char *text);
struct message message_number(struct message message, int index, int64_t number);
/* key such as "disposition" + word "resell" → "disposition.resell". */
struct message message_word(struct message message, int index, const char *group, const char *word);

/* A text that the message brings along in both languages; takes the argument behind it, too. */
struct message message_local(struct message message, int index, const char *en, const char *fr);

const char *message_key_name(enum message_key key);
/* One line "key<US>kind text<US>…", for the store; and back (false if it is not one). */
void message_encode(const struct message *message, struct buffer *buffer);
bool message_decode(const char *text, struct message *ret_message);

#endif
