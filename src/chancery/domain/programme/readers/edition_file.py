"""An edition as its file states it: the dataclasses are the key tables of the file format.

A field with ``entry(...)`` is a key of its table; one with ``table(...)`` a table or array of tables below.
"""

# ruff: noqa: RUF009  # entry() and table() return dataclasses.field()

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from chancery.domain.programme.policies import FourEyes, GroupScope, InvoiceWhen, OnLeaver, RefundBoundary
from chancery.domain.programme.readers.findings import Finding
from chancery.domain.programme.readers.key_tables import REQUIRED, entry, table
from chancery.domain.programme.readers.kinds import (
    AMOUNT,
    CURRENCY,
    DAY,
    FALLBACK_LANGUAGE,
    INSTANT,
    LANGUAGE_CODE,
    PERCENTAGE,
    RATE,
    SLUG,
    TEXT,
    WORDS,
    YES_NO,
    ZONE,
    Words,
    choice,
    several,
    whole,
)
from chancery.domain.programme.readers.line_index import KeyPath, line_of


class Mode(StrEnum):
    """Where people meet."""

    SITE = "site"
    ONLINE = "online"


class SessionKind(StrEnum):
    """What a session is for; the first three are the pillars of the brochure."""

    KNOWLEDGE = "knowledge"
    SKILLS = "skills"
    SITE_VISIT = "site_visit"
    SOCIAL = "social"
    PRESENTATION = "presentation"


class FiscalRegime(StrEnum):
    """Who issues the invoice: the issuer's own system or Chancery."""

    EXTERNAL = "external"
    INTERNAL = "internal"


class InvoiceGroup(StrEnum):
    """Whether people of a group with one payer get one bill each or one for all."""

    EACH = "each"
    ONE = "one"


class EvidenceSource(StrEnum):
    """Where the proof that a requirement is met comes from."""

    ATTENDANCE = "attendance"
    EXPERIENCE = "experience"
    PRESENTATION = "presentation"


class QuestionPart(StrEnum):
    """The parts of the application, in their order."""

    YOU = "you"
    WORK = "work"
    ABROAD = "abroad"
    LANGUAGES = "languages"
    EXPERIENCE = "experience"
    PROBLEM = "problem"
    PAYER = "payer"
    CONSENTS = "consents"


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    COUNTRY = "country"
    AUTHORITY = "authority"
    LANGUAGES = "languages"
    FILE = "file"
    GROUP_CODE = "group_code"
    CONSENT = "consent"


class HotelBand(StrEnum):
    """The price band of a hotel."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Accreditation:
    """Who accredits the programme and in which words; blank is never printed."""

    text: str = entry(TEXT, "")
    body: str = entry(TEXT, "")
    reference: str = entry(TEXT, "")


@dataclass(frozen=True, kw_only=True)
class ProgrammeFacts:
    """The diploma itself."""

    slug: str = entry(SLUG, REQUIRED)
    name: str = entry(TEXT, REQUIRED)
    organiser: str = entry(TEXT, "")
    partners: tuple[str, ...] = entry(several(TEXT), [])
    support: tuple[str, ...] = entry(several(TEXT), [])
    academic_partner: str = entry(TEXT, "")
    accreditation: Accreditation = table(Accreditation, "accreditation")


@dataclass(frozen=True, kw_only=True)
class EditionFacts:
    """One run of the diploma: when, where, for how many."""

    slug: str = entry(SLUG, REQUIRED)
    number: int = entry(whole(1, 32_000), 1)
    starts_on: date = entry(DAY, REQUIRED)
    ends_on: date = entry(DAY, REQUIRED)
    provisional: bool = entry(YES_NO, default=False)
    time_zone: str = entry(ZONE, REQUIRED)
    place: str = entry(TEXT, "")
    mode: Mode = entry(choice(Mode), "site")
    capacity: int = entry(whole(1, 100_000), REQUIRED)
    minimum: int = entry(whole(0, 100_000), 0)
    opens_at: datetime = entry(INSTANT)
    closes_at: datetime = entry(INSTANT)
    languages: tuple[str, ...] = entry(several(LANGUAGE_CODE), ["en"])
    teaching_languages: tuple[str, ...] = entry(several(LANGUAGE_CODE), [])
    reference_prefix: str = entry(SLUG)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the edition's calendar is kept."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, kw_only=True)
class MembershipFacts:
    """The network whose members pay another rate, and the year whose contributions count."""

    network: str = entry(TEXT, "")
    reference_year: int | None = entry(whole(1900, 2200))


@dataclass(frozen=True, kw_only=True)
class WaiverFacts:
    """Which members pay nothing; without a fiscal year there is no waiver."""

    income_classes: tuple[str, ...] = entry(several(TEXT), ["L"])
    fiscal_year: str | None = entry(TEXT)
    needs_contributions: bool = entry(YES_NO, default=False)
    share: Decimal = entry(RATE, "1.00")


@dataclass(frozen=True, kw_only=True)
class TariffFacts:
    """The price list; ``demo`` amounts are shown as examples."""

    currency: str = entry(CURRENCY, "EUR")
    standard_minor: int = entry(AMOUNT, "1500.00", name="standard")
    member_minor: int = entry(AMOUNT, "1000.00", name="member")
    demo: bool = entry(YES_NO, default=True)


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """The discount for people who come together."""

    from_size: int = entry(whole(2, 100_000), 2, name="from")
    rate: Decimal = entry(RATE, "0.10")
    scope: GroupScope = entry(choice(GroupScope), "declared")
    stacks: bool = entry(YES_NO, default=False)
    on_leaver: OnLeaver = entry(choice(OnLeaver), "keep")


@dataclass(frozen=True, kw_only=True)
class CancellationFacts:
    """Until when one may leave and what comes back (promises C1 to C5).

    ``withdrawal_days`` is the right of a private person who pays; 0 turns it off. ``visa_refusal_rate`` is the share
    that goes back to whoever shows a refused visa before the start, also after the last refundable instant. A
    colleague of the same authority may take a place over until ``substitution_days_before`` the start.
    """

    days_before: int = entry(whole(0, 3650), 30)
    boundary: RefundBoundary = entry(choice(RefundBoundary), "before")
    refund_rate: Decimal = entry(RATE, "0.75")
    refund_within_days: int = entry(whole(0, 3650), 30)
    incomplete_keeps_time: bool = entry(YES_NO, default=True)
    free_exit_days: int = entry(whole(0, 3650), 14)
    withdrawal_days: int = entry(whole(0, 365), 14)
    visa_refusal_rate: Decimal = entry(RATE, "0.75")
    substitution_allowed: bool = entry(YES_NO, default=True)
    substitution_days_before: int = entry(whole(0, 365), 0)


@dataclass(frozen=True, kw_only=True)
class InvoiceFacts:
    """When an invoice is issued and by when it is to be paid.

    Payers are reminded ``remind_days_before`` the due day, and a place that is still unpaid ``release_days_after``
    it is released; 0 turns either off, which is the default. ``group`` says whether the people of a group with one
    payer get one bill each or one for all.
    """

    due_days: int = entry(whole(0, 3650), 14)
    due_on: date | None = entry(DAY)
    when: InvoiceWhen = entry(choice(InvoiceWhen), "admission")
    group: InvoiceGroup = entry(choice(InvoiceGroup), "each")
    remind_days_before: int = entry(whole(0, 365), 0)
    release_days_after: int = entry(whole(0, 365), 0)


@dataclass(frozen=True, kw_only=True)
class PaymentFacts:
    """Where to pay, by how much a payment may fall short, and from which score on a match books itself (100: exact).

    ``four_eyes`` says what takes two people: ``refunds`` (fees by hand and the account too), ``all`` (write-offs too),
    ``none``.
    ``hold_countries`` (alpha-3): money from or to there moves only after a person has looked.
    """

    beneficiary: str = entry(TEXT, "")
    iban: str = entry(TEXT, "")
    bic: str = entry(TEXT, "")
    bank: str = entry(TEXT, "")
    address: str = entry(TEXT, "")
    tolerance_minor: int = entry(AMOUNT, "15.00", name="tolerance")
    book_from: int = entry(whole(60, 100), 100)
    four_eyes: FourEyes = entry(choice(FourEyes), "refunds")
    hold_countries: tuple[str, ...] = entry(several(TEXT), ["PRK", "SYR", "AFG", "SDN"])
    demo: bool = entry(YES_NO, default=False)


@dataclass(frozen=True, slots=True)
class VatProfile:
    """How a kind of line is taxed: category of EN 16931 (S, E, O, AE), rate in percent, code of the exemption."""

    category: str
    rate: Decimal
    exemption_code: str


@dataclass(frozen=True, kw_only=True)
class IssuerFacts:
    """Who issues the invoice, and its tax treatment, which is never ours to decide.

    The keys that begin with ``kept`` are the profile of what is kept of a place that ends; without a category of its
    own it is taxed as the place was.
    """

    legal_name: str = entry(TEXT, "")
    tax_id: str = entry(TEXT, "")
    address: str = entry(TEXT, "")
    country: str = entry(TEXT, "")
    fiscal_regime: FiscalRegime = entry(choice(FiscalRegime), "external")
    vat_category: str = entry(TEXT, "")
    vat_rate: Decimal = entry(PERCENTAGE, "0")
    exemption_code: str = entry(TEXT, "")
    kept_vat_category: str = entry(TEXT, "")
    kept_vat_rate: Decimal = entry(PERCENTAGE, "0")
    kept_exemption_code: str = entry(TEXT, "")
    contact: str = entry(TEXT, "")
    demo: bool = entry(YES_NO, default=False)

    @property
    def place_vat(self) -> VatProfile:
        """How a place is taxed."""
        return VatProfile(self.vat_category, self.vat_rate, self.exemption_code)

    @property
    def kept_vat(self) -> VatProfile | None:
        """How what is kept of a place that ends is taxed; None: as the place was."""
        if not self.kept_vat_category:
            return None
        return VatProfile(self.kept_vat_category, self.kept_vat_rate, self.kept_exemption_code)


@dataclass(frozen=True, kw_only=True)
class DialogueFacts:
    """How soon the office answers (working days) and when it asks again."""

    answer_within_days: int = entry(whole(1, 365), 5)
    reminder_days: int = entry(whole(1, 365), 3)


@dataclass(frozen=True, kw_only=True)
class WaitingListFacts:
    """How many working days an offer of a free place stands; whether a freed one is offered without a person."""

    offer_days: int = entry(whole(1, 365), 5)
    automatic: bool = entry(YES_NO, default=False)


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """Words of somebody else, with their source."""

    text: str = entry(TEXT, "")
    source: str = entry(TEXT, "")


@dataclass(frozen=True)
class EditionText:
    """The text blocks of one language, by key: a text, or a list of texts."""

    language: str
    blocks: tuple[tuple[str, str | tuple[str, ...]], ...]
    quotation: Quotation | None = None


@dataclass(frozen=True, kw_only=True)
class Skill:
    """Something that participants can do afterwards."""

    key: str = entry(SLUG, REQUIRED)
    text: Words = entry(WORDS, REQUIRED)


@dataclass(frozen=True, kw_only=True)
class Pillar:
    """A way in which the programme teaches."""

    key: str = entry(SLUG, REQUIRED)
    title: Words = entry(WORDS, "")
    text: Words = entry(WORDS, REQUIRED)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A teaching unit with the skills that it builds."""

    number: int = entry(whole(1), REQUIRED)
    key: str = entry(SLUG, REQUIRED)
    title: Words = entry(WORDS, REQUIRED)
    aim: Words = entry(WORDS, "")
    skills: tuple[str, ...] = entry(several(TEXT), [])


@dataclass(frozen=True, kw_only=True)
class Session:
    """A dated meeting; ``applies`` names skills sessions, ``feeds`` parts of the final work (promise A3)."""

    key: str = entry(SLUG, REQUIRED)
    kind: SessionKind = entry(choice(SessionKind), REQUIRED)
    mode: Mode = entry(choice(Mode), "site")
    title: Words = entry(WORDS, "")
    lesson: int | None = entry(whole(1))
    applies: tuple[str, ...] = entry(several(TEXT), [])
    feeds: tuple[str, ...] = entry(several(TEXT), [])
    starts_at: datetime | None = entry(INSTANT)
    ends_at: datetime | None = entry(INSTANT)
    place: str = entry(TEXT, "")
    required: bool = entry(YES_NO, default=True)
    demo: bool = entry(YES_NO, default=False)


@dataclass(frozen=True, kw_only=True)
class FinalWorkPart:
    """A part of the policy paper that each participant writes."""

    key: str = entry(SLUG, REQUIRED)
    title: Words = entry(WORDS, REQUIRED)


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What must be met for the certificate (promise A5)."""

    key: str = entry(SLUG, REQUIRED)
    title: Words = entry(WORDS, REQUIRED)
    source: EvidenceSource = entry(choice(EvidenceSource), REQUIRED)
    threshold: Decimal | None = entry(RATE)


@dataclass(frozen=True, kw_only=True)
class Option:
    """An answer to choose."""

    key: str = entry(SLUG, REQUIRED)
    label: Words = entry(WORDS, REQUIRED)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of the application form."""

    part: QuestionPart = entry(choice(QuestionPart), REQUIRED)
    key: str = entry(SLUG, REQUIRED)
    kind: QuestionKind = entry(choice(QuestionKind), "text")
    required: bool = entry(YES_NO, default=False)
    max_words: int | None = entry(whole(1))
    label: Words = entry(WORDS, REQUIRED)
    help: Words = entry(WORDS, "")
    options: tuple[Option, ...] = table(Option, "options", many=True)

    @property
    def asks_choice(self) -> bool:
        """Whether it is answered by choosing among its options."""
        return self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)

    def asks_the_same(self, other: Self) -> bool:
        """Whether an answer to the other question answers this one: same words, same kind, same choice."""
        return (self.kind, self.label, self.options) == (other.kind, other.label, other.options)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What assessors score, from ``lowest`` to ``highest``, with a reason."""

    key: str = entry(SLUG, REQUIRED)
    label: Words = entry(WORDS, REQUIRED)
    help: Words = entry(WORDS, "")
    lowest: int = entry(whole(0), 1)
    highest: int = entry(whole(1), 5)


@dataclass(frozen=True, kw_only=True)
class Expert:
    """Somebody who teaches, tied to sessions."""

    name: str = entry(TEXT, REQUIRED)
    post: str = entry(TEXT, "")
    institution: str = entry(TEXT, "")
    sessions: tuple[str, ...] = entry(several(TEXT), [])
    demo: bool = entry(YES_NO, default=False)


@dataclass(frozen=True, kw_only=True)
class Hotel:
    """A place to stay; prices a night, as seen on ``checked_on``."""

    name: str = entry(TEXT, REQUIRED)
    band: HotelBand = entry(choice(HotelBand), REQUIRED)
    from_minor: int | None = entry(AMOUNT, name="from")
    to_minor: int | None = entry(AMOUNT, name="to")
    checked_on: date | None = entry(DAY)
    demo: bool = entry(YES_NO, default=False)


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """Something that is, or is not, part of the fee."""

    key: str = entry(SLUG, REQUIRED)
    label: Words = entry(WORDS, REQUIRED)
    quantity: int | None = entry(whole(1))


@dataclass(frozen=True, kw_only=True)
class Testimonial:
    """Words of a former participant; hidden until the day of consent is stated."""

    text: Words = entry(WORDS, REQUIRED)
    name: str = entry(TEXT, REQUIRED)
    post: str = entry(TEXT, "")
    city: str = entry(TEXT, "")
    consent_on: date | None = entry(DAY)


@dataclass(frozen=True, kw_only=True)
class EditionFile:
    """A whole edition; amounts are minor units of the tariff's currency, instants in the edition's zone."""

    programme: ProgrammeFacts = table(ProgrammeFacts, "programme", required=True)
    edition: EditionFacts = table(EditionFacts, "edition", required=True)
    membership: MembershipFacts = table(MembershipFacts, "membership")
    waiver: WaiverFacts = table(WaiverFacts, "waiver")
    tariff: TariffFacts = table(TariffFacts, "tariff")
    group: GroupFacts = table(GroupFacts, "group")
    cancellation: CancellationFacts = table(CancellationFacts, "cancellation")
    invoice: InvoiceFacts = table(InvoiceFacts, "invoice")
    payment: PaymentFacts = table(PaymentFacts, "payment")
    issuer: IssuerFacts = table(IssuerFacts, "issuer")
    dialogue: DialogueFacts = table(DialogueFacts, "dialogue")
    waiting_list: WaitingListFacts = table(WaitingListFacts, "waiting_list")
    texts: tuple[EditionText, ...]
    skills: tuple[Skill, ...] = table(Skill, "skill", many=True)
    pillars: tuple[Pillar, ...] = table(Pillar, "pillar", many=True)
    lessons: tuple[Lesson, ...] = table(Lesson, "lesson", many=True)
    sessions: tuple[Session, ...] = table(Session, "session", many=True)
    final_work_parts: tuple[FinalWorkPart, ...] = table(FinalWorkPart, "final_work_part", many=True)
    requirements: tuple[Requirement, ...] = table(Requirement, "requirement", many=True)
    questions: tuple[Question, ...] = table(Question, "question", many=True)
    criteria: tuple[Criterion, ...] = table(Criterion, "criterion", many=True)
    experts: tuple[Expert, ...] = table(Expert, "expert", many=True)
    hotels: tuple[Hotel, ...] = table(Hotel, "hotel", many=True)
    included: tuple[Inclusion, ...] = table(Inclusion, "included", many=True)
    excluded: tuple[Inclusion, ...] = table(Inclusion, "excluded", many=True)
    testimonials: tuple[Testimonial, ...] = table(Testimonial, "testimonial", many=True)
    name: str = field(default="edition", compare=False)
    lines: dict[KeyPath, int] = field(default_factory=dict, compare=False, repr=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    def line(self, *path: str | int) -> int:
        """Return the line of a key in the file, or of the nearest table around it."""
        return line_of(self.lines, path)

    def text(self, block: str, language: str) -> str:
        """Return a text block in a language, else in English, else in any; empty when there is none."""
        value = self._block(block, language)
        return "\n\n".join(value) if isinstance(value, tuple) else value or ""

    def text_in(self, block: str, language: str) -> str:
        """Return a text block in a language, paragraphs apart; empty where it is not said in that one."""
        said = next((dict(each.blocks).get(block) for each in self.texts if each.language == language), None)
        return "\n\n".join(said) if isinstance(said, tuple) else said or ""

    def text_list(self, block: str, language: str) -> tuple[str, ...]:
        """Return a list of texts in a language, with the same fallback; a single text is a list of one."""
        value = self._block(block, language)
        return (value,) if isinstance(value, str) else value or ()

    def quotation(self, language: str) -> Quotation | None:
        """Return the quotation in a language, with the same fallback."""
        found = (each.quotation for each in self._texts_for(language))
        return next((quotation for quotation in found if quotation and quotation.text), None)

    def questions_of(self, part: QuestionPart) -> tuple[Question, ...]:
        """Return the questions of one part of the form, in their order."""
        return tuple(question for question in self.questions if question.part is part)

    def shown_testimonials(self) -> tuple[Testimonial, ...]:
        """Return the testimonials whose person agreed (promise A8)."""
        return tuple(each for each in self.testimonials if each.consent_on is not None)

    def _block(self, block: str, language: str) -> str | tuple[str, ...] | None:
        found = (dict(each.blocks).get(block) for each in self._texts_for(language))
        return next((value for value in found if value), None)

    def _texts_for(self, language: str) -> Iterable[EditionText]:
        texts = {text.language: text for text in self.texts}
        wanted = (language, language.partition("-")[0], FALLBACK_LANGUAGE, *texts)
        return [texts[each] for each in dict.fromkeys(wanted) if each in texts]
