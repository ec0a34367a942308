"""What an event of the trail was about, and those of its facts that matter, in words; the rest stays as recorded."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Manager
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chancery.domain.admissions.models import Application
from chancery.domain.admissions.wording import CALL_OUTCOMES, OUTCOMES, STATES
from chancery.domain.billing.models import Allocation, FeeException, Invoice, Quote, StatementFile, WriteOff
from chancery.domain.enrollment.models import CancellationNotice, Place, Substitution
from chancery.domain.enrollment.states import NoticeState
from chancery.domain.enrollment.words import notice_words
from chancery.foundation.accounts.roles import Role
from chancery.foundation.accounts.wording import role_label
from chancery.foundation.audit.models import AuditEvent
from chancery.foundation.ui.wording import day_text, money_text, name_text

type Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event was about: in words, and the currency of its sums where it has one."""

    words: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Where a kind of row is named: by its application and the person there, or by a field; where its currency is."""

    rows: Manager[Any]
    application: str | None = None
    field: str = ""
    currency: str = ""


SUBJECTS = (
    Named(Application.objects, application=""),
    Named(Place.objects, application="application__"),
    Named(CancellationNotice.objects, application="place__application__", currency="currency"),
    Named(Substitution.objects, application="place__application__"),
    Named(Quote.objects, application="application__", currency="currency"),
    Named(FeeException.objects, application="application__", currency="currency"),
    Named(Invoice.objects, field="number", currency="currency"),
    Named(Allocation.objects, field="invoice__number", currency="invoice__currency"),
    Named(WriteOff.objects, field="invoice__number", currency="invoice__currency"),
    Named(StatementFile.objects, field="name"),
)
AMOUNTS: dict[str, Promise | str] = {
    "fee_minor": gettext_lazy("fee %(sum)s"),
    "refund_minor": gettext_lazy("refund %(sum)s"),
    "amount_minor": "%(sum)s",
    "total_minor": "%(sum)s",
}
# A state or outcome that nobody knows any more says nothing.
STATES_SHOWN: dict[str, Promise] = {
    str(key): words for table in (STATES, OUTCOMES, CALL_OUTCOMES) for key, words in table.items()
}


def subjects_shown(rows: Iterable[AuditEvent], *, with_names: bool) -> dict[tuple[str, str], Subject]:
    """Return what events were about, by kind and id, in a query for each kind; ``with_names`` names people too."""
    ids = defaultdict(set)
    for row in rows:
        ids[row.subject_kind].add(row.subject_id)
    found: dict[tuple[str, str], Subject] = {}
    for named in SUBJECTS:
        kind = named.rows.model._meta.label_lower
        if kind in ids:
            found |= {(kind, key): subject for key, subject in _named(named, ids[kind], with_names=with_names)}
    return found


def facts_shown(row: AuditEvent, currency: str, *, with_sums: bool) -> str:
    """Return the facts of an event that matter to a reader; ``with_sums`` tells amounts too."""
    facts: Facts = {"currency": currency} | row.facts
    said = [_sum(key, facts) for key in AMOUNTS if with_sums and facts.get(key) and facts["currency"]]
    said += [_state(facts[key], row.subject_kind) for key in ("state", "outcome") if facts.get(key)]
    said += [words(facts[key]) for key, words in _SAID.items() if facts.get(key)]
    return ", ".join(each for each in said if each)


def _named(named: Named, ids: set[str], *, with_names: bool) -> Iterable[tuple[str, Subject]]:
    rows = named.rows.filter(pk__in=ids)
    where = named.currency or "pk"
    if named.application is None:
        for pk, name, currency in rows.values_list("pk", named.field, where):
            yield str(pk), Subject(name, currency if named.currency else "")
        return
    to = named.application
    fields = (f"{to}reference", f"{to}person__name", f"{to}person__latin_name")
    for pk, reference, name, latin, currency in rows.values_list("pk", *fields, where):
        words = f"{reference} {name_text(name, latin)}" if with_names and name else reference
        yield str(pk), Subject(words, currency if named.currency else "")


def _sum(key: str, facts: Facts) -> str:
    return str(AMOUNTS[key]) % {"sum": money_text(facts[key], facts["currency"])}


def _state(state: str, kind: str) -> str:
    if kind == CancellationNotice._meta.label_lower:
        return notice_words(state) if state in set(NoticeState) else ""
    return str(STATES_SHOWN.get(state, ""))


def _corrected(number: str) -> str:
    return _("corrects %(number)s") % {"number": number}


def _lines(count: int) -> str:
    return ngettext("%(n)s line", "%(n)s lines", count) % {"n": count}


def _first_answer(day: str) -> str:
    return _("first answer by %(day)s") % {"day": day_text(date.fromisoformat(day))}


def _role(role: str) -> str:
    return str(role_label(Role(role))) if role in set(Role) else ""


_SAID: dict[str, Callable[[Any], str]] = {
    "role": _role,
    "corrects": _corrected,
    "entries": _lines,
    "first_answer_due": _first_answer,
}
