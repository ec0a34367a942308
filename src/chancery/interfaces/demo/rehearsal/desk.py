"""Scenes of a rehearsal at the admissions desk: from the first form to the released decisions."""

from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from chancery.domain.admissions.models import Application, Decision
from chancery.domain.admissions.services.deciding import DeclineNotAllowed
from chancery.domain.admissions.states import DeclineReason, Outcome
from chancery.domain.programme.services import load_edition
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.threads import reply_address
from chancery.interfaces.demo import acts, story
from chancery.interfaces.demo.rehearsal.people import Fate, Guest, Home, Talk
from chancery.interfaces.demo.rehearsal.stage import Stage
from chancery.interfaces.demo.story import BIEL, DESK, INES, LEAD
from chancery.journey import apply, correspond
from chancery.journey.admit import TooFewSeats

SEATS_SHARE = 0.6  # seats for each applicant, so that the last ones admitted find none
FIRST_DAY, DAYS = 3, 15  # of September
OUTCOMES = {
    Fate.ADMITTED: Outcome.ADMIT,
    Fate.WAITING: Outcome.WAIT,
    Fate.NEXT_EDITION: Outcome.NEXT_EDITION,
    Fate.DECLINED: Outcome.DECLINE,
}


def open_the_office(stage: Stage) -> None:
    """The network, the people of the office, and the shipped edition with seats for fewer than will be admitted."""
    story.open_the_office()
    seats = max(2, int(len(stage.guests) * SEATS_SHARE))
    shipped = (Path(settings.ROOT) / "editions" / story.EDITION_FILE).read_text(encoding="utf-8")
    content = shipped.replace("capacity = 24\nminimum = 12", f"capacity = {seats}\nminimum = {seats // 2}")
    with stage.at("09-02", "08:30") as now:
        load_edition(content=content.encode(), name=story.EDITION_FILE, actor=SYSTEM, now=now)


def let_people_apply(stage: Stage) -> None:
    """Everybody fills in the form, one after the other over two weeks; a group's first member opens it."""
    codes: dict[int, str] = {}
    for number, guest in enumerate(stage.guests):
        day = FIRST_DAY + number * DAYS // len(stage.guests)
        with stage.at(f"09-{day:02}", f"{8 + stage.dice.randrange(10):02}:{stage.dice.randrange(60):02}") as now:
            stage.files[guest.who.key] = _apply(stage, guest, codes, now)


def let_some_withdraw(stage: Stage) -> None:
    """Some take their application back."""
    with stage.at("09-18", "09:00") as now:
        for guest in stage.sent:
            if guest.part.fate is Fate.WITHDRAWN:
                actor = acts.actor(guest.who.email)
                apply.withdraw(application=stage.files[guest.who.key], reason="", actor=actor, now=now)


def judge(stage: Stage) -> None:
    """Two assessors score each file; one of them steps back now and then."""
    with stage.at("09-19") as now:
        for guest in stage.judged:
            levels = [stage.dice.randint(2, 5), stage.dice.randint(2, 5)]
            acts.judge(stage.files[guest.who.key], list(zip((INES, BIEL), levels, strict=True)), DESK, now)


def talk(stage: Stage) -> None:
    """A decline is refused before the talk; then the office calls or writes, and most answer."""
    with stage.at("09-20") as now:
        for guest in stage.judged:
            application = stage.files[guest.who.key]
            if guest.part.fate is Fate.DECLINED:
                with stage.refusal_expected(DeclineNotAllowed):
                    _draft(application, guest, now)
            if guest.part.talk is Talk.CALL:
                acts.call(application, "We talked about the week and the final work.", DESK, now)
            else:
                acts.ask(application, "Which department would use what you learn?", DESK, now)
                stage.asked += 1
    with stage.at("09-23", "16:00") as now:
        for guest in stage.judged:
            _answer(stage.files[guest.who.key], guest, now)


def call_the_silent(stage: Stage) -> None:
    """The wished day passes, the worker owes calls, the office makes them."""
    with stage.at("09-28", "00:30") as now:
        correspond.call_silent_applicants(now=now)
    with stage.at("09-28", "12:00") as now:
        for guest in stage.judged:
            if guest.part.talk is Talk.SILENCE:
                acts.call(stage.files[guest.who.key], "Reached on the third try; we talked.", DESK, now)


def draft_decisions(stage: Stage) -> None:
    """Draft every answer."""
    with stage.at("09-30") as now:
        for guest in stage.judged:
            stage.decisions[guest.who.key] = _draft(stage.files[guest.who.key], guest, now)


def release_first(stage: Stage) -> None:
    """Half of the answers go out."""
    with stage.at("10-01", "12:00") as now:
        acts.release(_batches(stage)[0], LEAD, now)


def release_second(stage: Stage) -> None:
    """The rest admits more than there are seats: refused, until the lead lets them wait."""
    first, second = _batches(stage)
    admits = sum(each.outcome == Outcome.ADMIT for each in (*first, *second))
    with stage.at("10-02", "12:00") as now:
        if admits > stage.edition.capacity:
            with stage.refusal_expected(TooFewSeats):
                acts.release(second, LEAD, now)
        acts.release_all(second, LEAD, now)


def _apply(stage: Stage, guest: Guest, codes: dict[int, str], now: datetime) -> Application:
    who, part = guest.who, guest.part
    changes = _changes(guest)
    if part.fate is Fate.DRAFT:
        draft = acts.begin(stage.edition, who, now)
        form = acts.answers(who, **changes)
        acts.fill(draft, who, {key: form[key] for key in list(form)[: stage.dice.randrange(len(form))]}, now)
        return draft
    if part.group and part.group not in codes:
        first = acts.begin(stage.edition, who, now)
        codes[part.group] = apply.open_group_for_colleagues(
            application=first,
            part="payer",
            typed=apply.Typed(acts.answers(who, **changes)["payer"]),
            actor=acts.actor(who.email),
            now=now,
        )
    code = {"group_code": codes[part.group]} if part.group else {}
    return acts.send(stage.edition, who, now, **changes, **code)


def _changes(guest: Guest) -> dict[str, str]:
    changes = {} if guest.part.payer_known else {"payer_kind": "unknown", **dict.fromkeys(PAYER_WORDS, "")}
    if guest.part.home is Home.UNLISTED:
        where = {"city": guest.who.city, "country": guest.who.iso3}
        changes |= {"authority": "", "authority.unlisted": "yes"}
        changes |= {f"authority.{key}": value for key, value in where.items()}
    return changes


PAYER_WORDS = (
    "billing_name",
    "billing_address",
    "billing_address.postcode",
    "billing_address.town",
    "billing_address.country",
    "billing_email",
)


def _answer(application: Application, guest: Guest, now: datetime) -> None:
    text = "The planning department; its director signs the letter this week."
    if guest.part.talk is Talk.PAGE:
        acts.answer(application, guest.who, text, now)
    elif guest.part.talk is Talk.MAIL:
        correspond.receive_mail(raw=_reply(application, guest, text), source="file", now=now)


def _reply(application: Application, guest: Guest, text: str) -> bytes:
    thread = correspond.dialogue_of(application)
    message = EmailMessage()
    message["From"] = guest.who.email
    message["To"] = reply_address(thread.token)
    message["Subject"] = "Re: your question"
    message["Message-ID"] = f"<{guest.who.key.lower()}@{guest.who.email.partition('@')[2]}>"
    message["In-Reply-To"] = f"<{thread.token}@diploma.example>"
    message.set_content(text)
    return message.as_bytes()


def _draft(application: Application, guest: Guest, now: datetime) -> Decision:
    declined = guest.part.fate is Fate.DECLINED
    reason = DeclineReason.NOT_INTERNATIONAL if declined else ""
    return acts.draft(application, OUTCOMES[guest.part.fate], DESK, now, reason)


def _batches(stage: Stage) -> tuple[list[Decision], list[Decision]]:
    """Return the two batches in the order of arrival; the members of a group are in one of them."""
    half = len(stage.judged) // 2
    groups = {guest.part.group for guest in stage.judged[:half] if guest.part.group}
    first = [guest for number, guest in enumerate(stage.judged) if number < half or guest.part.group in groups]
    second = [guest for guest in stage.judged if guest not in first]
    return [stage.decisions[each.who.key] for each in first], [stage.decisions[each.who.key] for each in second]
