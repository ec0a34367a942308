"""Where an edition contradicts itself, or promises what nothing keeps (promises A2, A3, A5, B3, B4, C3)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from chancery.domain.network.readers import known_fiscal_years
from chancery.domain.programme.readers.edition_file import EditionFile, QuestionKind, SessionKind
from chancery.domain.programme.readers.findings import EditionRefused, Finding, Severity
from chancery.domain.programme.readers.line_index import KeyPath
from chancery.domain.programme.readers.parsing import dotted, parse_edition
from chancery.domain.programme.readers.prose import prose_findings

INCOME_CLASSES = ("L", "LM", "UM", "H")


def check_edition(content: bytes | str, name: str = "edition") -> tuple[Finding, ...]:
    """Return everything to mend in an edition file, by line; a clean file gives nothing."""
    try:
        edition = parse_edition(content, name)
    except EditionRefused as refused:
        return refused.findings
    return tuple(sorted((*edition.warnings, *find_contradictions(edition)), key=lambda each: each.line))


def find_contradictions(edition: EditionFile) -> tuple[Finding, ...]:
    """Return what does not fit together in an edition that could be read, by line."""
    found = [finding for check in _CHECKS for finding in check(edition)]
    return tuple(sorted(found, key=lambda each: (each.line, each.key)))


def _error(edition: EditionFile, path: KeyPath, wrong: str, right: str) -> Finding:
    return Finding(Severity.ERROR, edition.line(*path), dotted(path), wrong, right)


def _contradiction(edition: EditionFile, path: KeyPath, wrong: str, right: str) -> Finding:
    return Finding(Severity.CONTRADICTION, edition.line(*path), dotted(path), wrong, right)


def _warning(edition: EditionFile, path: KeyPath, wrong: str, right: str) -> Finding:
    return Finding(Severity.WARNING, edition.line(*path), dotted(path), wrong, right)


def _dates(edition: EditionFile) -> Iterator[Finding]:
    facts = edition.edition
    if facts.ends_on < facts.starts_on:
        wrong = f"the edition ends on {facts.ends_on}, before it starts on {facts.starts_on}"
        yield _error(edition, ("edition", "ends_on"), wrong, "exchange the days")
    if facts.closes_at <= facts.opens_at:
        wrong = f"applications close at {facts.closes_at:%Y-%m-%d %H:%M}, before they open"
        yield _error(edition, ("edition", "closes_at"), wrong, "write a later instant, or open earlier")
    if facts.closes_at.date() >= facts.starts_on:
        wrong = f"the deadline for applications, {facts.closes_at:%Y-%m-%d}, is not before the start"
        yield _error(edition, ("edition", "closes_at"), wrong, f"close before {facts.starts_on}")
    if facts.minimum > facts.capacity:
        wrong = f"the minimum of {facts.minimum} people is above the capacity of {facts.capacity}"
        yield _error(edition, ("edition", "minimum"), wrong, "lower it or raise the capacity")


def _invoice(edition: EditionFile) -> Iterator[Finding]:
    due_on, starts_on = edition.invoice.due_on, edition.edition.starts_on
    if due_on is None:
        return
    path: KeyPath = ("invoice", "due_on")
    if due_on >= starts_on:
        wrong = f"the invoice is due on {due_on}, not before the start on {starts_on}"
        yield _error(edition, path, wrong, f"write {starts_on - timedelta(days=1)} or earlier")
    if due_on < edition.edition.opens_at.date():
        wrong = f"the invoice is due on {due_on}, before applications open"
        yield _error(edition, path, wrong, "write a later day")
    if edition.edition.provisional:
        wrong = f"the dates are provisional, but invoices are due on a fixed day, {due_on}"
        yield _contradiction(edition, path, wrong, "remove due_on until the dates are confirmed; due_days counts on")


def _cancellation(edition: EditionFile) -> Iterator[Finding]:
    cut = edition.edition.starts_on - timedelta(days=edition.cancellation.days_before)
    if cut <= edition.edition.opens_at.date():
        wrong = f"the last day to leave with a refund is before {cut}, when nobody can have applied yet"
        yield _contradiction(edition, ("cancellation", "days_before"), wrong, "lower days_before or open earlier")


def _tariff(edition: EditionFile) -> Iterator[Finding]:
    tariff = edition.tariff
    if tariff.member_minor > tariff.standard_minor:
        wrong = "the member rate is above the standard rate"
        yield _error(edition, ("tariff", "member"), wrong, "write an amount up to the standard rate")
    if not _is_currency(tariff.currency):
        wrong = f'"{tariff.currency}" is no currency of ISO 4217'
        yield _error(edition, ("tariff", "currency"), wrong, "write its three letters, such as EUR")
    if edition.payment.tolerance_minor >= tariff.standard_minor > 0:
        wrong = "the payment tolerance is not below the standard rate"
        yield _error(edition, ("payment", "tolerance"), wrong, "write a small amount; bank charges are meant")


def _waiver(edition: EditionFile) -> Iterator[Finding]:
    waiver = edition.waiver
    if waiver.fiscal_year is None:
        if ("waiver",) in edition.lines:
            years = ", ".join(known_fiscal_years())
            wrong = "the waiver names no fiscal year of the income classes"
            yield _error(edition, ("waiver", "fiscal_year"), wrong, f"write one of {years}")
        return
    if waiver.fiscal_year not in known_fiscal_years():
        wrong = f"the fiscal year {waiver.fiscal_year} is not known"
        right = f"write one of {', '.join(known_fiscal_years())}"
        yield _error(edition, ("waiver", "fiscal_year"), wrong, right)
    for code in waiver.income_classes:
        if code not in INCOME_CLASSES:
            right = f"write one of {', '.join(INCOME_CLASSES)}"
            yield _error(edition, ("waiver", "income_classes"), f'"{code}" is no income class', right)
    if waiver.needs_contributions and edition.membership.reference_year is None:
        wrong = "the waiver needs contributions, but no reference year says of which year"
        yield _error(edition, ("waiver", "needs_contributions"), wrong, "write membership.reference_year")


def _payment(edition: EditionFile) -> Iterator[Finding]:
    iban = edition.payment.iban.replace(" ", "").upper()
    if iban and not _iban_adds_up(iban):
        wrong = "the check digits of the IBAN are wrong"
        yield _error(edition, ("payment", "iban"), wrong, "copy it again from the bank's letter")
    if not iban and edition.tariff.standard_minor:
        wrong = "there is a fee, but no account to pay it to"
        yield _warning(edition, ("payment", "iban"), wrong, "write payment.iban before applications open")


def _skills(edition: EditionFile) -> Iterator[Finding]:
    known = {skill.key for skill in edition.skills}
    built = {key for lesson in edition.lessons for key in lesson.skills}
    for place, skill in enumerate(edition.skills):
        if skill.key not in built:
            wrong = f"no lesson builds the skill {skill.key}"
            yield _contradiction(edition, ("skill", place), wrong, "name it in the skills of a lesson")
    for place, lesson in enumerate(edition.lessons):
        for key in lesson.skills:
            if key not in known:
                wrong = f"lesson {lesson.number} builds {key}, which is no skill of this file"
                yield _error(edition, ("lesson", place, "skills"), wrong, _one_of(known))


def _sessions(edition: EditionFile) -> Iterator[Finding]:
    lessons = {lesson.number for lesson in edition.lessons}
    practice = {session.key for session in edition.sessions if session.kind is SessionKind.SKILLS}
    parts = {each.key for each in edition.final_work_parts}
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.lesson is not None and session.lesson not in lessons:
            wrong = f"session {session.key} belongs to lesson {session.lesson}, which does not exist"
            yield _error(edition, (*path, "lesson"), wrong, _one_of(map(str, sorted(lessons))))
        for key in session.applies:
            if key not in practice:
                wrong = f"session {session.key} is applied in {key}, which is no skills session of this file"
                yield _error(edition, (*path, "applies"), wrong, _one_of(practice))
        for key in session.feeds:
            if key not in parts:
                wrong = f"session {session.key} feeds {key}, which is no part of the final work"
                yield _error(edition, (*path, "feeds"), wrong, _one_of(parts))


def _trace(edition: EditionFile) -> Iterator[Finding]:
    """The applied approach of the brochure: knowledge, then practice, then a part of the final work (A3)."""
    applied = {key for session in edition.sessions for key in session.applies}
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.kind is SessionKind.KNOWLEDGE and not session.applies:
            wrong = f"no skills session applies the knowledge session {session.key}"
            yield _contradiction(edition, path, wrong, 'name one: applies = ["S1"]')
        if session.kind is SessionKind.SKILLS and session.key not in applied:
            wrong = f"the skills session {session.key} applies no knowledge session"
            yield _contradiction(edition, path, wrong, "name it in applies of a knowledge session")
        is_taught = session.kind in (SessionKind.KNOWLEDGE, SessionKind.SKILLS)
        if is_taught and edition.final_work_parts and not session.feeds:
            wrong = f"session {session.key} feeds no part of the final work"
            yield _contradiction(edition, path, wrong, "name one in feeds")


def _session_times(edition: EditionFile) -> Iterator[Finding]:
    facts = edition.edition
    for place, session in enumerate(edition.sessions):
        path: KeyPath = ("session", place)
        if session.starts_at is None or session.ends_at is None:
            continue
        if session.ends_at <= session.starts_at:
            wrong = f"session {session.key} ends before it starts"
            yield _error(edition, (*path, "ends_at"), wrong, "write a later hour")
        if session.starts_at < facts.opens_at:
            wrong = f"session {session.key} takes place before applications open"
            yield _warning(edition, (*path, "starts_at"), wrong, "look at the year and the month")
        on_site = session.mode.value == "site"
        if on_site and not facts.starts_on <= session.starts_at.date() <= facts.ends_on:
            wrong = f"session {session.key} is on site on {session.starts_at:%Y-%m-%d}, outside the edition's days"
            yield _warning(edition, (*path, "starts_at"), wrong, "move it, or hold it online")


def _requirements(edition: EditionFile) -> Iterator[Finding]:
    kinds = {session.kind for session in edition.sessions}
    for place, requirement in enumerate(edition.requirements):
        path: KeyPath = ("requirement", place)
        if requirement.source == "attendance" and not any(session.required for session in edition.sessions):
            wrong = f"the requirement {requirement.key} is met by attendance, but no session is required"
            yield _contradiction(edition, path, wrong, "mark sessions as required")
        if requirement.source == "presentation" and SessionKind.PRESENTATION not in kinds:
            wrong = f"the requirement {requirement.key} asks for a presentation, but no session is for presenting"
            yield _contradiction(edition, path, wrong, 'add a session of kind "presentation"')


def _questions(edition: EditionFile) -> Iterator[Finding]:
    for place, question in enumerate(edition.questions):
        path: KeyPath = ("question", place)
        asks_choice = question.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
        if asks_choice and not question.options:
            wrong = f"the question {question.key} offers nothing to choose"
            yield _error(edition, path, wrong, "add options")
        if question.options and not asks_choice:
            wrong = f"the question {question.key} has options, but is not a choice"
            yield _warning(edition, (*path, "options"), wrong, 'write kind = "choice"')
    for place, criterion in enumerate(edition.criteria):
        if criterion.highest <= criterion.lowest:
            wrong = f"the scale of {criterion.key} ends where it begins"
            yield _error(edition, ("criterion", place, "highest"), wrong, "write a larger number")


def _experts(edition: EditionFile) -> Iterator[Finding]:
    known = {session.key for session in edition.sessions}
    for place, expert in enumerate(edition.experts):
        for key in expert.sessions:
            if key not in known:
                wrong = f"{expert.name} teaches {key}, which is no session of this file"
                yield _error(edition, ("expert", place, "sessions"), wrong, _one_of(known))


def _hotels(edition: EditionFile) -> Iterator[Finding]:
    for place, hotel in enumerate(edition.hotels):
        if hotel.from_minor is not None and hotel.to_minor is not None and hotel.to_minor < hotel.from_minor:
            wrong = f"the prices of {hotel.name} end below where they begin"
            yield _error(edition, ("hotel", place, "to"), wrong, "exchange them")


def _testimonials(edition: EditionFile) -> Iterator[Finding]:
    for place, testimonial in enumerate(edition.testimonials):
        consent = testimonial.consent_on
        if consent is not None and consent > max(edition.edition.ends_on, date(2000, 1, 1)):
            wrong = f"{testimonial.name} agrees on {consent}, after the edition has ended"
            yield _warning(edition, ("testimonial", place, "consent_on"), wrong, "write the day of the consent")


def _doubles(edition: EditionFile) -> Iterator[Finding]:
    named: dict[str, Iterable[str]] = {
        "skill": (each.key for each in edition.skills),
        "pillar": (each.key for each in edition.pillars),
        "lesson": (str(each.number) for each in edition.lessons),
        "session": (each.key for each in edition.sessions),
        "final_work_part": (each.key for each in edition.final_work_parts),
        "requirement": (each.key for each in edition.requirements),
        "question": (each.key for each in edition.questions),
        "criterion": (each.key for each in edition.criteria),
        "included": (each.key for each in edition.included),
        "excluded": (each.key for each in edition.excluded),
    }
    for table, keys in named.items():
        seen: set[str] = set()
        for place, key in enumerate(keys):
            if key in seen:
                yield _error(edition, (table, place), f"the {table} {key} stands twice", "rename one of them")
            seen.add(key)


def _lesson_numbers(edition: EditionFile) -> Iterator[Finding]:
    numbers = sorted(lesson.number for lesson in edition.lessons)
    if numbers != list(range(1, len(numbers) + 1)) and len(set(numbers)) == len(numbers):
        wrong = f"the lessons are numbered {', '.join(map(str, numbers))}"
        yield _warning(edition, ("lesson",), wrong, "number them from 1 without a gap")


def _languages(edition: EditionFile) -> Iterator[Finding]:
    written = {text.language for text in edition.texts}
    for language in edition.edition.languages:
        if written and language not in written:
            wrong = f"the site is offered in {language}, but there is no [text.{language}]"
            yield _warning(edition, ("edition", "languages"), wrong, "readers get another language there")


def _one_of(known: Iterable[str]) -> str:
    keys = sorted(known)
    return f"use one of {', '.join(keys)}" if keys else "there is none yet; add it first"


def _is_currency(code: str) -> bool:
    from babel import Locale  # slow to import, and a fee quote never needs it

    return code in Locale("en").currencies


def _iban_adds_up(iban: str) -> bool:
    if not (iban.isascii() and iban.isalnum() and 15 <= len(iban) <= 34 and iban[:2].isalpha()):
        return False
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


_CHECKS: tuple[Callable[[EditionFile], Iterable[Finding]], ...] = (
    _dates,
    _invoice,
    _cancellation,
    _tariff,
    _waiver,
    _payment,
    _skills,
    _sessions,
    _trace,
    _session_times,
    _requirements,
    _questions,
    _experts,
    _hotels,
    _testimonials,
    _doubles,
    _lesson_numbers,
    _languages,
    prose_findings,
)
