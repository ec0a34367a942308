"""What stands in the way of an act, and what would lift it, for each reason code of admissions and enrollment."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.foundation.ruling import Refused

REASONS: dict[str, Promise] = {
    "no_dialogue_yet": gettext_lazy(
        "No application is declined before a dialogue with the applicant has taken place. "
        "Write and wait for the answer, or log a call in which you talked; silence is not a dialogue."
    ),
    "decline_reason_wanted": gettext_lazy("A decline needs one of the listed reasons; seniority is none of them."),
    "more_admits_than_seats": gettext_lazy(
        "More people are to be admitted than there are free places. Pick who comes now, or tick that the others "
        "go on the waiting list."
    ),
    "move_not_allowed": gettext_lazy("The application stands elsewhere by now. Look at its history."),
    "view_name_taken": gettext_lazy("You have a view of that name on this list. Choose another name."),
    "too_many_views": gettext_lazy("You have 20 views of this list. Remove one first."),
    "decision_not_in_draft": gettext_lazy("The decision was given out or taken back already."),
    "substitution_not_foreseen": gettext_lazy("The frozen terms of this place foresee no substitute."),
    "substitution_over": gettext_lazy("It is too late for a substitute by the frozen terms of this place."),
    "place_ended": gettext_lazy("The place has ended by now."),
    "notice_waits": gettext_lazy("A message about leaving this place waits. Decide about it first."),
    "fee_open": gettext_lazy("The fee of this place is not settled. Bill it, or decide the exception, first."),
    "choice_open": gettext_lazy(
        "The edition is not held, and the participant has not chosen yet what they want instead. Hand over afterwards."
    ),
    "has_a_file": gettext_lazy("The colleague has an application of their own in this edition by now."),
    "key_asked_else": gettext_lazy("A question of that key asked something else here before. Choose another key."),
    "option_chosen": gettext_lazy("Somebody who sent an application chose an answer that would leave. It stays."),
    "readers_score": gettext_lazy(
        "Assessments are in that score by the criteria as they are: none comes or leaves in this edition."
    ),
    "nothing_to_rerate": gettext_lazy("The size of the group asks for no other price by now."),
    "sums_changed": gettext_lazy("The sums have changed since the page was shown. Look at them again."),
    "latin_name_not_wanted": gettext_lazy("Papers can print this name, or its Latin form is on file by now."),
    "nothing_asked": gettext_lazy("Tick at least one part or question."),
    "not_to_be_supplemented": gettext_lazy(
        "Somebody reads the application already, or it has ended. Write to the applicant in the dialogue instead."
    ),
    "day_too_early": gettext_lazy("Choose a day after today."),
    "not_incomplete": gettext_lazy("Nothing is asked for any more. Look at its history."),
    "still_time": gettext_lazy("It cannot expire before the day that the applicant was told has passed."),
    "nothing_to_answer": gettext_lazy("No answer is owed: a colleague wrote, or said so just now."),
    "nothing_in_doubt": gettext_lazy("That message counts as the applicant's already."),
    "answer_owed": gettext_lazy("The applicant waits for our answer. Answer first."),
    "nothing_said": gettext_lazy("Write something first."),
    "application_not_sent_yet": gettext_lazy("The application is still a draft, which nobody reads."),
    "not_assigned": gettext_lazy("You have not been asked to read this application."),
    "stood_aside": gettext_lazy("You stepped back from this application."),
    "same_city": gettext_lazy("A reader who works for the same city stands aside. Choose another reader."),
    "own_application": gettext_lazy("Nobody reads an application of their own. Choose another reader."),
    "assessment_already_sent": gettext_lazy("You have sent your assessment; it cannot be changed any more."),
    "not_in_assessment": gettext_lazy("The application is not with the office any more."),
    "score_missing": gettext_lazy("Give a score for each criterion."),
    "score_out_of_range": gettext_lazy("A score lies outside its scale."),
    "unknown_criterion": gettext_lazy("The criteria of the edition changed. Open the page again."),
    "assessment_reason_missing": gettext_lazy("Say why, in a sentence or more."),
    "no_seat_left": gettext_lazy("Every place is taken."),
    "mail_not_waiting": gettext_lazy("Only mail that waits or failed can be held back."),
    "mail_still_on_its_way": gettext_lazy("The mail is still on its way. Wait until it has left or failed."),
    "no_later_edition": gettext_lazy("There is no later edition of this course that has not begun."),
    "answer_day_wrong": gettext_lazy("Choose a day that is not over and comes before the next edition begins."),
    "no_private_payer": gettext_lazy("Only a private person who pays has a right of withdrawal."),
    "withdrawal_over": gettext_lazy("The days of the right of withdrawal are over."),
    "course_began": gettext_lazy("The course has begun, so the rule on refused visas applies no more."),
    "evidence_missing": gettext_lazy("Say what shows it: the letter of the consulate, its day."),
    "offer_over": gettext_lazy("The offer was answered before, or its time is over."),
    "not_later": gettext_lazy("Choose a day after the end of the offer as it stands."),
    "reason_missing": gettext_lazy("Say why, in a few words."),
    "notice_decided": gettext_lazy("Somebody has decided about this notice already, or it stands elsewhere by now."),
    "money_stands": gettext_lazy("More money stands on the bill than would be left owed. Look at the bill first."),
    "money_waits": gettext_lazy(
        "Money that came in time waits for this bill. Book it first, so that the terms keep their share of it; "
        "accepted all the same, it counts as not paid by then and goes back in full."
    ),
    "credited_before": gettext_lazy("This line of the bill was credited before."),
    "SettingsUnchanged": gettext_lazy("Every value stands there already. Change one first."),
    "SettingsSeenBefore": gettext_lazy(
        "Somebody changed the edition since you opened the page. "
        "Both versions stand below; look at them, then show what changes again."
    ),
    "contradictions_not_accepted": gettext_lazy("Tick that the contradiction is meant, or change a value."),
    "edition_file_has_errors": gettext_lazy("These values cannot stand together. Change one of each pair."),
    "account_takes_two": gettext_lazy("The account is changed on its own page, and another person approves it."),
    "account_alone": gettext_lazy("Propose values of the account only; change the others on their own pages."),
    "proposal_open": gettext_lazy("Another change of the account waits. Let somebody decide about it first."),
    "needs_another_person": gettext_lazy("Whoever proposed it does not approve it: another person has to."),
    "seats_taken": gettext_lazy(
        "More places are taken or offered than that. Write at least their number, or free places first."
    ),
    "dates_unchanged": gettext_lazy("These are the dates that hold already."),
    "ends_before_start": gettext_lazy("The last day lies before the first."),
    "starts_in_the_past": gettext_lazy("The first day has passed already."),
    "applications_close_after_start": gettext_lazy(
        "Applications would close after the first day. "
        "Choose later days, or change the closing day in the edition file."
    ),
}


def reasons_in_words(refused: Refused) -> list[str]:
    """Return a sentence for each reason of a refusal."""
    return [str(REASONS[code]) if code in REASONS else _("The act is refused: %s.") % code for code in _codes(refused)]


def _codes(refused: Refused) -> tuple[str, ...]:
    return refused.ruling.reasons or (type(refused).__name__,)
