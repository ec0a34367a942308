"""The office's codes of this room in words that people read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chancery.domain.admissions.states import ApplicationState, CallOutcome, Channel, DeclineReason, Direction, Outcome

STATES: dict[ApplicationState, Promise] = {
    ApplicationState.DRAFT: _("not sent yet"),
    ApplicationState.SUBMITTED: _("received"),
    ApplicationState.INCOMPLETE: _("incomplete"),
    ApplicationState.IN_ASSESSMENT: _("being read"),
    ApplicationState.IN_DIALOGUE: _("in dialogue"),
    ApplicationState.DECIDED: _("decision drafted"),
    ApplicationState.ADMITTED: _("admitted"),
    ApplicationState.WAITING: _("on the waiting list"),
    ApplicationState.OFFERED: _("place offered"),
    ApplicationState.NEXT_EDITION: _("kept for the next edition"),
    ApplicationState.DECLINED: _("declined"),
    ApplicationState.WITHDRAWN: _("withdrawn"),
    ApplicationState.EXPIRED: _("expired"),
    ApplicationState.LAPSED: _("offer lapsed"),
    ApplicationState.NOT_HELD: _("edition not held"),
}
OUTCOMES: dict[Outcome, Promise] = {
    Outcome.ADMIT: _("Admit"),
    Outcome.WAIT: _("Waiting list"),
    Outcome.NEXT_EDITION: _("Next edition"),
    Outcome.DECLINE: _("Decline"),
}
REASONS: dict[DeclineReason, Promise] = {
    DeclineReason.NOT_PUBLIC_SECTOR: _("does not work for a public authority"),
    DeclineReason.NOT_INTERNATIONAL: _("the work has no link with international action of a city"),
    DeclineReason.CANNOT_ATTEND: _("cannot attend the whole programme"),
    DeclineReason.NEEDS_ELSEWHERE: _("another offer fits the need better"),
}
REASONS_TO_APPLICANT: dict[DeclineReason, Promise] = {
    DeclineReason.NOT_PUBLIC_SECTOR: _("The diploma is made for people who work for a public authority."),
    DeclineReason.NOT_INTERNATIONAL: _("Your work has no link with the international action of a city for now."),
    DeclineReason.CANNOT_ATTEND: _("You cannot attend the whole programme this time."),
    DeclineReason.NEEDS_ELSEWHERE: _("Another offer fits better what you are looking for."),
}
DIRECTIONS: dict[Direction, Promise] = {
    Direction.FROM_OFFICE: _("From the office"),
    Direction.FROM_APPLICANT: _("From the applicant"),
    Direction.CALL: _("Call"),
    Direction.NOTE: _("Internal note"),
}
CHANNELS: dict[Channel, Promise] = {
    Channel.PAGE: _("on the page"),
    Channel.MAIL: _("by mail"),
    Channel.PHONE: _("by phone"),
}
CALL_OUTCOMES: dict[CallOutcome, Promise] = {
    CallOutcome.TALKED: _("We talked"),
    CallOutcome.NOT_REACHED: _("Nobody was reached"),
}
