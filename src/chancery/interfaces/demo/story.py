"""The story of the demo, played through the real code: 2 September to 21 October 2024, 09:00 in Barcelona.

The acts are dated and in order. What needs a room that is not built yet (the first edition) is not played.
The queue of bank lines is left to whoever sits down at the finance desk.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from chancery.domain.admissions.models import Application, Decision
from chancery.domain.admissions.states import DeclineReason, Outcome
from chancery.domain.billing.models import FeeException
from chancery.domain.enrollment.models import Place
from chancery.domain.network.readers.demo_members import demo_members
from chancery.domain.network.services.reference import keep_city, keep_demo_member, load_countries
from chancery.domain.programme.models import Edition
from chancery.domain.programme.services import load_edition
from chancery.foundation.accounts.models import User
from chancery.foundation.accounts.services import grant_role, name_account
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.mail.services import date_waiting_mail
from chancery.foundation.tasks.models import DemoClock
from chancery.interfaces.demo import acts, bank, clockwork, leaving
from chancery.interfaces.demo.acts import at
from chancery.interfaces.demo.cast import (
    DUES_UNKNOWN,
    DUES_UNPAID,
    EXTRA_MEMBERS,
    OFFICE,
    OTHER_CITIES,
    PASSWORD,
    Applicant,
    applicants,
)
from chancery.journey import apply, bill

LEAD, DESK, MONEY = (f"{key}@metropolis.example" for key in ("aina", "merce", "pol"))
SECOND = "joan@metropolis.example"
INES, BIEL = "ines@metropolis.example", "biel@metropolis.example"
EDITION_FILE = "metropolis-2024.toml"
ENDS_AT = datetime(2024, 10, 21, 9, 0, tzinfo=ZoneInfo("Europe/Madrid"))


def is_played() -> bool:
    """Say whether this database has seen the story to its end: the clock is set by the last act."""
    return DemoClock.objects.exists()


def play(tell: Callable[[str], None]) -> None:
    """Play every act and tell which scene begins; a story that was broken off left nothing: it is one transaction."""
    with transaction.atomic():
        acts.account.cache_clear()
        for title, scene in SCENES:
            tell(title)
            scene()
        date_waiting_mail()
        clockwork.set_to(ENDS_AT)


def open_the_office() -> None:
    """The network, the edition and the people of the office, on 2 September."""
    with at("09-02", "08:00") as now:
        load_countries()
        for city, iso3 in OTHER_CITIES:
            keep_city(name=city, iso3=iso3)
        _members()
        content = (Path(settings.ROOT) / "editions" / EDITION_FILE).read_bytes()
        load_edition(content=content, name=EDITION_FILE, actor=SYSTEM, now=now)
        password = make_password(PASSWORD)  # hashed once: a good hash is slow on purpose
        for member in OFFICE:
            account = acts.account(member.email)
            name_account(user=account, name=member.name, actor=SYSTEM, now=now)
            User.objects.filter(pk=account.pk).update(password=password)
            for role in member.roles:
                grant_role(user=account, role=role, actor=SYSTEM, now=now)


def let_one_leave_early() -> None:
    """Guadalajara, admitted on 9 September, paid, and cancelled on the 20th: the refund goes to the bank at once."""
    _admit(["M2-0041"], "09-03", "09-06", "09-09")
    sofia, money, second = _who("M2-0041"), acts.actor(MONEY), acts.actor(SECOND)
    with at("09-17", "16:00") as now:
        bank.take_in_one_of_september(money, now)
    with at("09-20", "09:15") as now:
        heard = leaving.reply(sofia, now)
    with at("09-20", "15:30") as now:
        leaving.accept(heard, money, now)
    with at("09-24", "10:00") as now:
        leaving.pay_back(sofia, money, second, now)


def admit_the_first() -> None:
    """Libreville, admitted on 20 September and due on 14 October, then six more on 30 September."""
    _admit(["M2-0022"], "09-13", "09-18", "09-20")
    _admit(["M2-0031", "M2-0042", "M2-0037", "M2-0038", "M2-0039", "M2-0040"], "09-23", "09-26", "09-30")


def admit_those_who_pay_oddly() -> None:
    """The group of Medellín and four whose transfers need a person, admitted on 2 October."""
    edition = _edition()
    with at("09-26", "17:20") as now:
        andres, valentina = _who("M2-0024"), _who("M2-0025")
        first = acts.begin(edition, andres, now)
        form = acts.answers(andres)
        code = apply.open_group_for_colleagues(
            application=first, part="payer", typed=apply.Typed(form["payer"]), actor=acts.actor(andres.email), now=now
        )
        acts.fill(first, andres, acts.answers(andres, group_code=code), now)
        _submit(first, andres, now)
        acts.send(edition, valentina, now, group_code=code)
    _admit(["M2-0026", "M2-0027", "M2-0028", "M2-0029"], "09-26", "09-30", "10-02", ["M2-0024", "M2-0025"])


def admit_torino_and_the_waived() -> None:
    """Torino pays exactly; four members of low income in FY23 pay nothing: 4 October."""
    _admit(["M2-0030", "M2-0032", "M2-0033", "M2-0034", "M2-0035"], "09-27", "10-02", "10-04")


def answer_the_last_batch() -> None:
    """Admissions, a declined consultant and a waiting list: 11 October."""
    edition = _edition()
    keys = ["M2-0019", "M2-0020", "M2-0021", "M2-0023"]
    with at("10-04", "11:30") as now:
        for key in keys:
            acts.send(edition, _who(key), now)
        hugo, jonas = (acts.send(edition, _who(key), now) for key in ("M2-0015", "M2-0014"))
        martin = acts.send(edition, _who("M2-0016"), now)
    with at("10-07", "15:00") as now:
        apply.withdraw(
            application=martin,
            reason="My council has moved the budget to next year.",
            actor=acts.actor(_who("M2-0016").email),
            now=now,
        )
    with at("10-09") as now:
        for key in keys:
            _judge_and_talk(key, now)
        acts.judge(hugo, [(INES, 2), (BIEL, 2)], DESK, now)
        acts.judge(jonas, [(INES, 4), (BIEL, 3)], DESK, now)
        acts.call(hugo, "He works for himself and has no authority behind him; he understood.", DESK, now)
    with at("10-11", "12:00") as now:
        decisions = [acts.draft(_file(key), Outcome.ADMIT, DESK, now) for key in keys]
        decisions.append(acts.draft(hugo, Outcome.DECLINE, DESK, now, DeclineReason.NOT_PUBLIC_SECTOR))
        decisions.append(acts.draft(jonas, Outcome.WAIT, DESK, now))
        acts.release(decisions, LEAD, now)


def admit_two_with_open_questions() -> None:
    """Caracas, whose fee an officer decides and is shared by two, and Gauteng, which named no payer: 16 October."""
    edition = _edition()
    with at("10-08", "15:10") as now:
        acts.send(edition, _who("M2-0017"), now)
        acts.send(edition, _who("M2-0018"), now, payer_kind="unknown")
    with at("10-14") as now:
        for key in ("M2-0017", "M2-0018"):
            _judge_and_talk(key, now)
    with at("10-16", "12:00") as now:
        decisions = [acts.draft(_file(key), Outcome.ADMIT, DESK, now) for key in ("M2-0017", "M2-0018")]
        acts.release(decisions, LEAD, now)
    with at("10-17", "09:40") as now:
        _propose_fee("M2-0017", now)
    with at("10-18", "20:15") as now:
        acts.pay_a_share(_file("M2-0017"), _who("M2-0017"), now)


def bring_the_first_statement() -> None:
    """Six transfers with exact references and one short of its charges, taken in on 11 October."""
    with at("10-11", "16:00") as now:
        bank.take_in_first(acts.actor(MONEY), now)
        leaving.book_short(_who("M2-0040"), acts.actor(MONEY), now)


def bring_the_second_statement() -> None:
    """Sixteen lines, one of them exact; the rest is the finance officer's Monday."""
    with at("10-18", "17:30") as now:
        bank.take_in_second(acts.actor(MONEY), now)


def fill_the_desk() -> None:
    """What lies on the admissions desk on 21 October; only Amman waits longer than promised."""
    _answer_and_ask()
    _draft_two_for_one_place()
    edition = _edition()
    with at("10-15", "16:00") as now:
        beatriz = acts.send(edition, _who("M2-0006"), now)
    with at("10-16") as now:
        files = {key: acts.send(edition, _who(key), now) for key in ("M2-0007", "M2-0008")}
    with at("10-18", "10:00") as now:
        acts.judge(beatriz, [(INES, 2), (BIEL, 2)], DESK, now)
        acts.judge(files["M2-0007"], [(INES, 2), (BIEL, 4)], DESK, now)
        acts.assign(files["M2-0008"], [INES, BIEL], DESK, now)
        acts.step_back(files["M2-0008"], BIEL, "We worked together in a project until last year.", now)
    with at("10-20", "22:10") as now:
        acts.send(edition, _who("M2-0004"), now)
    with at("10-21", "08:40") as now:
        acts.send(edition, _who("M2-0005"), now)


def let_a_colleague_come() -> None:
    """Koffi Mousson of Abidjan, whose place is paid, cannot come; Aya Embrun takes it over: 17 October."""
    koffi, aya = _who("M2-0042"), _who("M2-0036")
    with at("10-15", "09:30") as now:
        wish = leaving.name_colleague(koffi, aya, now)
    with at("10-16", "13:05") as now:
        leaving.say_yes(wish, aya, now)
    with at("10-17", "10:00") as now:
        leaving.hand_over(wish, acts.actor(DESK), now)


def hear_of_leaving() -> None:
    """Jean Suet lacks two facts, Priya Helm wrote on the site, Camille Galerne is in time, Ximena Coromuel too late."""
    money = acts.actor(MONEY)
    with at("10-14", "11:02") as now:
        leaving.reply(_who("M2-0037"), now, without=("course", "day"))
    with at("10-15", "10:20") as now:
        leaving.tell_otherwise(_who("M2-0038"), "I cannot come in November, please cancel my place.", money, now)
    with at("10-18", "23:41:07") as now:
        in_time = leaving.reply(_who("M2-0040"), now)
    with at("10-19", "01:05") as now:
        leaving.reply(_who("M2-0039"), now)
    with at("10-21", "08:45") as now:
        leaving.accept(in_time, money, now)


def _answer_and_ask() -> None:
    edition = _edition()
    with at("10-08", "09:00") as now:
        peter, rami, zofia = (acts.send(edition, _who(key), now) for key in ("M2-0009", "M2-0010", "M2-0011"))
    with at("10-11", "10:00") as now:
        acts.ask(rami, "Which department would use what you learn, and who leads it?", DESK, now)
    with at("10-15", "08:30") as now:
        answer = "The transport department; its director signs the letter this week."
        acts.answer(rami, _who("M2-0010"), answer, now)
    with at("10-15", "11:00") as now:
        acts.ask(peter, "Could you tell us which plan of the county your problem belongs to?", DESK, now)
        acts.ask(zofia, "May we call you on Tuesday 22 October at 10:00 Barcelona time?", DESK, now)


def _draft_two_for_one_place() -> None:
    edition = _edition()
    with at("10-11", "09:00") as now:
        files = [acts.send(edition, _who(key), now) for key in ("M2-0012", "M2-0013")]
    with at("10-17") as now:
        for file in files:
            acts.judge(file, [(INES, 4), (BIEL, 4)], DESK, now)
            acts.call(file, "We talked about the week, the final work and who pays.", DESK, now)
    with at("10-18") as now:
        for file in files:
            acts.draft(file, Outcome.ADMIT, DESK, now)


def leave_drafts() -> None:
    """Three who have not sent their form."""
    edition = _edition()
    with at("10-20", "14:02") as now:
        hanoi = _who("M2-0001")
        form = acts.answers(hanoi)
        draft = acts.begin(edition, hanoi, now)
        acts.fill(draft, hanoi, {part: form[part] for part in ("you", "work", "abroad", "languages", "payer")}, now)
    with at("10-21", "07:15") as now:
        lima = _who("M2-0002")
        acts.fill(acts.begin(edition, lima, now), lima, {"you": acts.answers(lima)["you"]}, now)
    with at("10-18", "19:30") as now:
        quezon = _who("M2-0003")
        acts.fill(acts.begin(edition, quezon, now), quezon, acts.answers(quezon), now)


SCENES = (
    ("the office opens", open_the_office),
    ("drafts", leave_drafts),
    ("one who leaves again", let_one_leave_early),
    ("September", admit_the_first),
    ("a group and four cities", admit_those_who_pay_oddly),
    ("Torino and the waived", admit_torino_and_the_waived),
    ("11 October", answer_the_last_batch),
    ("open questions", admit_two_with_open_questions),
    ("first bank statement", bring_the_first_statement),
    ("the desk", fill_the_desk),
    ("a colleague comes instead", let_a_colleague_come),
    ("second bank statement", bring_the_second_statement),
    ("cancellations", hear_of_leaving),
)


def _admit(keys: list[str], applied: str, judged: str, released: str, also: list[str] | None = None) -> list[Decision]:
    edition = _edition()
    with at(applied, "16:45") as now:
        for key in keys:
            acts.send(edition, _who(key), now)
    with at(judged) as now:
        for key in (*keys, *(also or [])):
            _judge_and_talk(key, now)
    with at(released, "12:00") as now:
        decisions = [acts.draft(_file(key), Outcome.ADMIT, DESK, now) for key in (*keys, *(also or []))]
        acts.release(decisions, LEAD, now)
    return decisions


def _judge_and_talk(key: str, now: datetime) -> None:
    file = _file(key)
    acts.judge(file, [(INES, 4), (BIEL, 3)], DESK, now)
    acts.call(file, "We talked about the week, the final work and who pays.", DESK, now)


def _submit(application: Application, who: Applicant, now: datetime) -> None:
    apply.submit(application=application, accepted_version=1, actor=acts.actor(who.email), now=now)


def _propose_fee(key: str, now: datetime) -> FeeException:
    place = Place.objects.get(person__user__email=_who(key).email)
    return bill.propose_fee_exception(
        place_id=place.pk,
        fee_minor=100_000,
        reason="Member with dues paid; the economy has no class for FY23, so the member rate is proposed.",
        actor=acts.actor(MONEY),
        now=now,
    )


def _members() -> None:
    listed = [(row.name, row.iso3, row.source) for row in demo_members()]
    extra = [(name, iso3, "an extra member of the demo") for name, iso3 in EXTRA_MEMBERS]
    for name, iso3, source in (*listed, *extra):
        city = {"Torino (Città metropolitana)": "Torino"}.get(name, name)
        unpaid = city in DUES_UNKNOWN | DUES_UNPAID
        keep_demo_member(
            network="Metropolis",
            name=city,
            iso3=iso3,
            joined_on=date(2015, 1, 1),
            paid=() if unpaid else (2023,),
            source=source,
        )


def _edition() -> Edition:
    return Edition.objects.select_related("programme").get(slug="metropolis-2024")


def _who(key: str) -> Applicant:
    return applicants()[key]


def _file(key: str) -> Application:
    return Application.objects.select_related("edition").get(person__user__email=_who(key).email)
