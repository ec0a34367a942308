"""The mails that tell a decision which is no admission; an admission is told by the mail that reserves the place."""

from chancery.domain.admissions.models import Application, Decision
from chancery.domain.admissions.states import ApplicationState, DeclineReason
from chancery.domain.admissions.wording import REASONS_TO_APPLICANT
from chancery.domain.programme.mails import edition_mail
from chancery.foundation.audit.refs import ref
from chancery.foundation.mail.models import MailThread
from chancery.foundation.mail.rendering import link
from chancery.foundation.mail.services import Mail

_KINDS = {
    ApplicationState.DECLINED: "admissions/declined",
    ApplicationState.WAITING: "admissions/waiting_list",
    ApplicationState.NEXT_EDITION: "admissions/next_edition",
}


def decision_mail(decision: Decision, *, state: ApplicationState, thread: MailThread, rank: int | None = None) -> Mail:
    """Return the mail for an answer as it was given out; ``rank`` is the place on the waiting list."""
    application = decision.application
    return edition_mail(
        application.edition,
        _KINDS[state],
        about=ref(application),
        to=application.person.email,
        language=application.person.language,
        dedupe_key=f"admissions/decision:{decision.pk}",
        thread=thread,
        context=_words(application, decision, rank),
    )


def _words(application: Application, decision: Decision, rank: int | None) -> dict[str, object]:
    reason = REASONS_TO_APPLICANT[DeclineReason(decision.reason)] if decision.reason else ""
    return {
        "application": application,
        "edition": application.edition,
        "reason": reason,
        "rank": rank,
        "admitted_without_seat": decision.outcome == "admit",
        "link": link("my-files"),
    }
