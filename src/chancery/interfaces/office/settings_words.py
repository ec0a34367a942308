"""What the values of an edition are called on the pages of its settings, and where each is shown."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.domain.admissions.queries.form import language_name, part_title
from chancery.domain.programme.readers import SettingEntry, SettingsPart
from chancery.domain.programme.readers.mail_words import MAIL_PLACEHOLDERS, is_mail_block
from chancery.foundation.ui.wording import day_text, percent_text

PARTS: Final[dict[SettingsPart, Promise]] = {
    SettingsPart.WORDS: gettext_lazy("Words"),
    SettingsPart.OPENING: gettext_lazy("Applications and places"),
    SettingsPart.FEES: gettext_lazy("Fees and invoices"),
    SettingsPart.ACCOUNT: gettext_lazy("Account to pay to"),
    SettingsPart.LEAVING: gettext_lazy("Leaving and answers"),
    SettingsPart.FORM: gettext_lazy("Application form and criteria"),
    SettingsPart.TRACE: gettext_lazy("Lessons, sessions and the trace"),
    SettingsPart.OFFER: gettext_lazy("Included, hotels, experts and voices"),
    SettingsPart.MAILS: gettext_lazy("What each mail says"),
}
# Parts of many rows, each of which is edited on its own.
BY_ROW: Final = frozenset(
    {SettingsPart.WORDS, SettingsPart.FORM, SettingsPart.TRACE, SettingsPart.OFFER, SettingsPart.MAILS}
)

LABELS: Final[dict[str, Promise]] = {
    "edition.opens_at": gettext_lazy("Applications open at"),
    "edition.closes_at": gettext_lazy("Applications close at"),
    "edition.capacity": gettext_lazy("Places"),
    "edition.minimum": gettext_lazy("Smallest number of participants"),
    "tariff.currency": gettext_lazy("Currency"),
    "tariff.standard": gettext_lazy("Standard rate"),
    "tariff.member": gettext_lazy("Member rate"),
    "tariff.demo": gettext_lazy("The rates are examples"),
    "membership.network": gettext_lazy("Network whose members pay the member rate"),
    "membership.reference_year": gettext_lazy("Year whose contributions count"),
    "waiver.income_classes": gettext_lazy("Income classes that pay nothing"),
    "waiver.fiscal_year": gettext_lazy("Fiscal year of the income classes"),
    "waiver.needs_contributions": gettext_lazy("A waiver needs paid contributions"),
    "waiver.share": gettext_lazy("Share that is waived"),
    "group.from": gettext_lazy("A group begins at"),
    "group.rate": gettext_lazy("Group discount"),
    "group.scope": gettext_lazy("What makes a group"),
    "group.stacks": gettext_lazy("The group discount adds to other reductions"),
    "group.on_leaver": gettext_lazy("When a member leaves the group"),
    "invoice.due_days": gettext_lazy("Days to pay after admission"),
    "invoice.due_on": gettext_lazy("Fixed due day"),
    "invoice.when": gettext_lazy("When the invoice is issued"),
    "invoice.group": gettext_lazy("Invoices of a group with one payer"),
    "invoice.remind_days_before": gettext_lazy("Reminder, days before the due day"),
    "invoice.release_days_after": gettext_lazy("An unpaid place is released, days after the due day"),
    "payment.beneficiary": gettext_lazy("Beneficiary"),
    "payment.iban": gettext_lazy("IBAN"),
    "payment.bic": gettext_lazy("BIC"),
    "payment.bank": gettext_lazy("Bank"),
    "payment.address": gettext_lazy("Address of the beneficiary"),
    "payment.demo": gettext_lazy("The account is an example"),
    "payment.four_eyes": gettext_lazy("What takes two people"),
    "payment.tolerance": gettext_lazy("Payment may fall short by"),
    "payment.book_from": gettext_lazy("Score from which a match books itself"),
    "issuer.legal_name": gettext_lazy("Issuer of the invoice"),
    "issuer.tax_id": gettext_lazy("Tax number of the issuer"),
    "issuer.address": gettext_lazy("Address of the issuer"),
    "issuer.country": gettext_lazy("Country of the issuer"),
    "issuer.fiscal_regime": gettext_lazy("Who issues invoices"),
    "issuer.vat_category": gettext_lazy("VAT category"),
    "issuer.vat_rate": gettext_lazy("VAT rate, per cent"),
    "issuer.exemption_code": gettext_lazy("Code of the VAT exemption"),
    "issuer.kept_vat_category": gettext_lazy("VAT category of what is kept when a place ends"),
    "issuer.kept_vat_rate": gettext_lazy("VAT rate of what is kept, per cent"),
    "issuer.kept_exemption_code": gettext_lazy("Code of the VAT exemption of what is kept"),
    "issuer.contact": gettext_lazy("Contact for questions about invoices"),
    "issuer.demo": gettext_lazy("The issuer is an example"),
    "cancellation.days_before": gettext_lazy("Days before the start until which money comes back"),
    "cancellation.boundary": gettext_lazy("The day itself"),
    "cancellation.refund_rate": gettext_lazy("Share that comes back"),
    "cancellation.refund_within_days": gettext_lazy("Refund within days of the request"),
    "cancellation.incomplete_keeps_time": gettext_lazy("An incomplete cancellation keeps its time"),
    "cancellation.free_exit_days": gettext_lazy("Days of free exit after the dates moved"),
    "cancellation.withdrawal_days": gettext_lazy("Days in which a private payer may withdraw"),
    "cancellation.visa_refusal_rate": gettext_lazy("Share that comes back when a visa is refused"),
    "cancellation.substitution_allowed": gettext_lazy("A colleague may take a place over"),
    "cancellation.substitution_days_before": gettext_lazy("Days before the start until which a place is taken over"),
    "waiting_list.offer_days": gettext_lazy("Working days that an offer stands"),
    "waiting_list.automatic": gettext_lazy("A free place is offered without a person"),
    "dialogue.answer_within_days": gettext_lazy("Working days until we answer"),
    "dialogue.reminder_days": gettext_lazy("Working days until we ask again"),
    "question.required": gettext_lazy("An answer is required"),
    "question.max_words": gettext_lazy("Most words of an answer"),
    "question.label": gettext_lazy("Question"),
    "question.help": gettext_lazy("Help below the question"),
    "question.options": gettext_lazy("Answers to choose from"),
    "criterion.label": gettext_lazy("Criterion"),
    "criterion.help": gettext_lazy("Help below the criterion"),
    "criterion.lowest": gettext_lazy("Lowest score"),
    "criterion.highest": gettext_lazy("Highest score"),
    "skill.text": gettext_lazy("Skill"),
    "lesson.title": gettext_lazy("Title"),
    "lesson.aim": gettext_lazy("Aim"),
    "lesson.skills": gettext_lazy("Skills that the lesson builds, one a line"),
    "session.mode": gettext_lazy("Where people meet"),
    "session.title": gettext_lazy("Title"),
    "session.lesson": gettext_lazy("Number of the lesson"),
    "session.applies": gettext_lazy("Applied in these skills sessions, one a line"),
    "session.feeds": gettext_lazy("Feeds these parts of the final work, one a line"),
    "session.starts_at": gettext_lazy("Starts at"),
    "session.ends_at": gettext_lazy("Ends at"),
    "session.place": gettext_lazy("Place"),
    "session.required": gettext_lazy("Attendance counts for the certificate"),
    "session.demo": gettext_lazy("Day and hours are examples"),
    "final_work_part.title": gettext_lazy("Part of the final work"),
    "edition.starts_on": gettext_lazy("First day"),
    "edition.ends_on": gettext_lazy("Last day"),
    "edition.provisional": gettext_lazy("The dates are to be confirmed"),
    "edition.place": gettext_lazy("Place"),
    "edition.languages": gettext_lazy("Languages of pages and mails, one a line"),
    "payment.hold_countries": gettext_lazy("Countries whose payments wait for a person, one a line"),
    "question": gettext_lazy("Questions"),
    "question.key": gettext_lazy("Key"),
    "question.part": gettext_lazy("Part of the form"),
    "question.kind": gettext_lazy("Answered with"),
    "criterion": gettext_lazy("Criteria"),
    "criterion.key": gettext_lazy("Key"),
    "skill": gettext_lazy("Skills"),
    "skill.key": gettext_lazy("Key"),
    "lesson": gettext_lazy("Lessons"),
    "lesson.key": gettext_lazy("Key"),
    "lesson.number": gettext_lazy("Number"),
    "session": gettext_lazy("Sessions"),
    "session.key": gettext_lazy("Key"),
    "session.kind": gettext_lazy("Kind"),
    "final_work_part": gettext_lazy("Parts of the final work"),
    "final_work_part.key": gettext_lazy("Key"),
    "requirement": gettext_lazy("Requirements of the certificate"),
    "requirement.key": gettext_lazy("Key"),
    "requirement.title": gettext_lazy("Requirement"),
    "requirement.source": gettext_lazy("Where its proof comes from"),
    "requirement.threshold": gettext_lazy("From which share it is met"),
    "included": gettext_lazy("Included in the fee"),
    "included.key": gettext_lazy("Key"),
    "included.label": gettext_lazy("What is included"),
    "included.quantity": gettext_lazy("How many"),
    "excluded": gettext_lazy("Not included in the fee"),
    "excluded.key": gettext_lazy("Key"),
    "excluded.label": gettext_lazy("What is not included"),
    "excluded.quantity": gettext_lazy("How many"),
    "hotel": gettext_lazy("Hotels"),
    "hotel.name": gettext_lazy("Name"),
    "hotel.band": gettext_lazy("Price band"),
    "hotel.from": gettext_lazy("A night from"),
    "hotel.to": gettext_lazy("A night up to"),
    "hotel.checked_on": gettext_lazy("Prices looked up on"),
    "hotel.demo": gettext_lazy("The hotel is an example"),
    "expert": gettext_lazy("Experts"),
    "expert.name": gettext_lazy("Name"),
    "expert.post": gettext_lazy("Post"),
    "expert.institution": gettext_lazy("Institution"),
    "expert.sessions": gettext_lazy("Keys of their sessions, one a line"),
    "expert.demo": gettext_lazy("The person is an example"),
    "testimonial": gettext_lazy("Voices of earlier participants"),
    "testimonial.text": gettext_lazy("What they say"),
    "testimonial.name": gettext_lazy("Name"),
    "testimonial.post": gettext_lazy("Post"),
    "testimonial.city": gettext_lazy("City"),
    "testimonial.consent_on": gettext_lazy("Agreed to be quoted on"),
}
HELP: Final[dict[str, Promise]] = {
    "edition.capacity": gettext_lazy("Never below the places that are taken or offered."),
    "edition.minimum": gettext_lazy("With fewer people the edition may be called off."),
    "tariff.member": gettext_lazy("For staff of members whose contributions are paid; never above the standard rate."),
    "tariff.demo": gettext_lazy("Every page that prints a rate then says that it is an example."),
    "membership.reference_year": gettext_lazy("Contributions of this year decide who pays the member rate."),
    "waiver.income_classes": gettext_lazy("Codes of the World Bank, one a line: L, LM, UM or H."),
    "waiver.fiscal_year": gettext_lazy("The year of the World Bank's classes that counts, such as FY23."),
    "question.options": gettext_lazy(
        "For a choice only. One a line: a key, an equals sign and what it says; a new line gets its key from its words."
    ),
    "group.stacks": gettext_lazy("Otherwise the best single reduction counts."),
    "group.rate": gettext_lazy("Taken on each person's own rate."),
    "invoice.due_on": gettext_lazy("Blank: the days after admission count. A day before the start otherwise."),
    "invoice.remind_days_before": gettext_lazy("0: nobody is reminded."),
    "invoice.release_days_after": gettext_lazy("0: no place is released."),
    "payment.tolerance": gettext_lazy("Bank charges are meant; an officer may write off a rest up to this."),
    "payment.book_from": gettext_lazy("From 60 to 100; 100 books only what is exact."),
    "issuer.vat_category": gettext_lazy("S taxed, E exempt, O outside the scope of VAT, AE reverse charge."),
    "issuer.kept_vat_category": gettext_lazy(
        "Blank: taxed as the place was. Another category is billed apart, by a paper of its own."
    ),
    "cancellation.days_before": gettext_lazy("Calendar days; the last instant is printed on every paper of the place."),
    "cancellation.boundary": gettext_lazy("Whether a cancellation that arrives on that very day is in time."),
    "cancellation.refund_rate": gettext_lazy("Of what was paid by the day of the request."),
    "cancellation.incomplete_keeps_time": gettext_lazy(
        "The first reply of the thread counts, even if facts were missing."
    ),
    "cancellation.free_exit_days": gettext_lazy("Who cannot come on the new days gets everything back."),
    "cancellation.withdrawal_days": gettext_lazy("0: there is no such right."),
    "waiting_list.automatic": gettext_lazy("Otherwise an officer makes each offer."),
    "question.max_words": gettext_lazy("Blank: no limit."),
    "question.key": gettext_lazy("Small letters, digits and _; it stays, and is never given another meaning."),
    "expert.name": gettext_lazy("With their consent: the programme page then says who teaches."),
    "session.applies": gettext_lazy("A knowledge session that no practice uses breaks the trace."),
    "session.feeds": gettext_lazy("A session that feeds no part of the final work breaks the trace."),
}
HEADINGS: Final[dict[str, Promise]] = {
    "tariff": gettext_lazy("Rates"),
    "membership": gettext_lazy("Membership"),
    "waiver": gettext_lazy("Waiver"),
    "group": gettext_lazy("Groups"),
    "invoice": gettext_lazy("Invoices"),
    "payment": gettext_lazy("Payments"),
    "issuer": gettext_lazy("Issuer"),
    "cancellation": gettext_lazy("Leaving"),
    "waiting_list": gettext_lazy("Waiting list"),
    "dialogue": gettext_lazy("Answers to applicants"),
}
OPTIONS: Final[dict[str, Promise]] = {
    "declared": gettext_lazy("people who share a group code"),
    "payer": gettext_lazy("people with the same payer"),
    "authority": gettext_lazy("people of the same authority"),
    "city": gettext_lazy("people of the same city"),
    "keep": gettext_lazy("the others keep their price"),
    "rerate": gettext_lazy("the others are priced anew"),
    "before": gettext_lazy("is too late already"),
    "on": gettext_lazy("is still in time"),
    "admission": gettext_lazy("on admission"),
    "payment": gettext_lazy("after the payment"),
    "each": gettext_lazy("one for each person"),
    "one": gettext_lazy("one for all"),
    "external": gettext_lazy("another system of the issuer"),
    "internal": gettext_lazy("Chancery"),
    "refunds": gettext_lazy("refunds, fees set by hand and the account"),
    "all": gettext_lazy("these, and what is written off"),
    "none": gettext_lazy("nothing: one person alone may do all of it"),
    "site": gettext_lazy("on site"),
    "online": gettext_lazy("on line"),
}
# What a choice says in one list, where its word says something else in another.
OPTIONS_OF: Final[dict[str, dict[str, Promise]]] = {
    "session.kind": {
        "knowledge": gettext_lazy("knowledge session"),
        "skills": gettext_lazy("skills session"),
        "site_visit": gettext_lazy("visit"),
        "social": gettext_lazy("social"),
        "presentation": gettext_lazy("presentation"),
    },
    "requirement.source": {
        "attendance": gettext_lazy("attendance"),
        "experience": gettext_lazy("the shared experience"),
        "presentation": gettext_lazy("the presentation"),
    },
    "hotel.band": {"low": gettext_lazy("low"), "middle": gettext_lazy("middle"), "high": gettext_lazy("high")},
    "question.kind": {
        "choice": gettext_lazy("one answer of several"),
        "choices": gettext_lazy("several answers of a list"),
        "text": gettext_lazy("a line of text"),
        "long_text": gettext_lazy("a longer text"),
        "number": gettext_lazy("a number"),
        "yes_no": gettext_lazy("yes or no"),
        "email": gettext_lazy("an e-mail address"),
        "phone": gettext_lazy("a phone number"),
        "address": gettext_lazy("a postal address"),
        "country": gettext_lazy("a country"),
        "languages": gettext_lazy("languages"),
        "file": gettext_lazy("a file"),
        "consent": gettext_lazy("an agreement"),
    },
}
# Public pages where the values of a table stand: the name of the address and what the page is called.
_PROGRAMME = ("show-programme", gettext_lazy("The programme"))
_CONDITIONS = ("show-conditions", gettext_lazy("Conditions"))
_FEES = ("find-fee", gettext_lazy("Fee finder"))
_APPLY = ("show-how-to-apply", gettext_lazy("How to apply"))
_SESSIONS = ("list-sessions", gettext_lazy("Sessions"))
PLACES: Final[dict[SettingsPart, tuple[tuple[str, Promise], ...]]] = {
    SettingsPart.WORDS: (_PROGRAMME, _CONDITIONS),
    SettingsPart.OPENING: (_PROGRAMME, _APPLY),
    SettingsPart.FEES: (_PROGRAMME, _FEES, _CONDITIONS),
    SettingsPart.ACCOUNT: (_CONDITIONS,),
    SettingsPart.LEAVING: (_PROGRAMME, _CONDITIONS),
    SettingsPart.FORM: (_APPLY,),
    SettingsPart.TRACE: (_PROGRAMME, _SESSIONS),
    SettingsPart.OFFER: (_PROGRAMME, _CONDITIONS),
    SettingsPart.MAILS: (),  # its page shows the mail itself
}


def label_of(entry: SettingEntry) -> str:
    """Return what a value is called; a text block is called by its key and language."""
    if entry.path[0] == "text":
        language = str(entry.path[1])
        return language_name(language) if is_mail_block(str(entry.path[2])) else f"{entry.path[2]} ({language})"
    return label_of_topic(entry.topic, entry.name)


def label_of_topic(topic: str, name: str) -> str:
    """Return what a key is called, or the key itself where no page edits it."""
    return str(LABELS[topic]) if topic in LABELS else name


def heading_of(table: str) -> str:
    """Return what a table of the file is called; blank where the page's own heading says it."""
    return str(HEADINGS.get(table, ""))


def help_of(entry: SettingEntry) -> str:
    """Return what a value does, how it is written where that is not plain, and its key in the file."""
    meaning = str(HELP[entry.topic]) if entry.topic in HELP else ""
    writing = _("A share of one: 0.75 is 75 %.") if entry.is_share else ""
    if is_mail_block(str(entry.path[-1])):
        meaning = _("May name %(words)s.") % {"words": ", ".join(f"{{{each}}}" for each in MAIL_PLACEHOLDERS)}
    key = _("In the file: %(key)s") % {"key": entry.name}
    return " ".join(each for each in (meaning, writing, key) if each)


def option_of(entry: SettingEntry, option: str) -> str:
    """Return what a choice says for a value."""
    if entry.topic == "question.part":
        return part_title(option)
    return str(OPTIONS_OF.get(entry.topic, OPTIONS).get(option, option))


def said(value: object) -> str:
    """Return a value in words, for a person who reads and does not type."""
    if value is None or value == "" or value == []:
        return _("not stated")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "\n".join(_option_text(each) if isinstance(each, dict) else str(each) for each in value)
    if isinstance(value, dict):
        return "\n".join(f"{language}: {text}" for language, text in value.items())
    text = str(value)
    return str(OPTIONS[text]) if text in OPTIONS else text


def _option_text(option: dict[str, Any]) -> str:
    label = option.get("label", "")
    return f"{option.get('key', '')} = {' | '.join(label.values()) if isinstance(label, dict) else label}"


def said_of(entry: SettingEntry | None, value: object) -> str:
    """Return a value as people write what it is: a share in per cent, an instant as day and time.

    What was typed or kept in the journal may be the text of a day; what cannot be read is said as it stands.
    """
    try:
        return _as_its_kind(entry, value) or said(value)
    except (ValueError, InvalidOperation):
        return said(value)


def _as_its_kind(entry: SettingEntry | None, value: object) -> str:
    form = entry.kind.schema.get("format") if entry else None
    if isinstance(value, str) and value and form == "date-time":
        value = datetime.fromisoformat(value)
    elif isinstance(value, str) and value and form == "date":
        value = date.fromisoformat(value)
    elif isinstance(value, str) and value and entry and (entry.is_share or entry.is_percentage):
        return percent_text(Decimal(value) / (1 if entry.is_share else 100))
    if isinstance(value, datetime):
        return f"{day_text(value.date())}, {value:%H:%M:%S}"
    return day_text(value) if isinstance(value, date) else ""
