"""The rules by which a person takes part, as one value that is frozen on an application (promise B5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

FORMAT = 1


class GroupScope(StrEnum):
    """What makes persons a group: a shared code, or a shared payer, authority or city."""

    DECLARED = "declared"
    PAYER = "payer"
    AUTHORITY = "authority"
    CITY = "city"


class OnLeaver(StrEnum):
    """What a member who leaves a group does to the price of the others."""

    KEEP = "keep"
    RERATE = "rerate"


class RefundBoundary(StrEnum):
    """Whether the day ``days_before`` the start is itself too late (``BEFORE``) or in time (``ON``)."""

    BEFORE = "before"
    ON = "on"


class InvoiceWhen(StrEnum):
    """At which moment an invoice is issued."""

    ADMISSION = "admission"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsRule:
    """Everything that decides a fee, a deadline or a refund; amounts in minor units of ``currency``.

    ``reference_year`` None means that the member rate asks for no contributions;
    ``waiver_fiscal_year`` None means that there is no waiver.

    :raises ValueError: when the values cannot belong to one set of terms.
    """

    currency: str
    standard_minor: int
    member_minor: int
    demo: bool = False
    reference_year: int | None = None
    waiver_income_classes: tuple[str, ...] = ("L",)
    waiver_fiscal_year: str | None = None
    waiver_needs_contributions: bool = False
    waiver_share: Decimal = Decimal("1.00")
    group_from: int = 2
    group_rate: Decimal = Decimal("0.10")
    group_scope: GroupScope = GroupScope.DECLARED
    group_stacks: bool = False
    group_on_leaver: OnLeaver = OnLeaver.KEEP
    days_before: int = 30
    boundary: RefundBoundary = RefundBoundary.BEFORE
    refund_rate: Decimal = Decimal("0.75")
    refund_within_days: int = 30
    incomplete_keeps_time: bool = True
    free_exit_days: int = 14
    withdrawal_days: int = 14
    visa_refusal_rate: Decimal = Decimal("0.75")
    substitution_allowed: bool = True
    substitution_days_before: int = 0
    invoice_due_days: int = 14
    invoice_due_on: date | None = None
    invoice_when: InvoiceWhen = InvoiceWhen.ADMISSION
    tolerance_minor: int = 0
    rounding: str = "half_up"

    def __post_init__(self) -> None:
        """Refuse values that contradict one another."""
        if not 0 <= self.member_minor <= self.standard_minor:
            raise ValueError("the member rate lies between zero and the standard rate")
        if not all(0 <= rate <= 1 for rate in self._rates):
            raise ValueError("shares and rates lie between 0 and 1")
        if self.withdrawal_days < 0:
            raise ValueError("a right of withdrawal lasts no days, or some")
        if self.group_from < 2:
            raise ValueError("a group begins at two persons")
        if self.rounding != "half_up":
            raise ValueError(f"unknown rounding {self.rounding!r}")

    @property
    def _rates(self) -> tuple[Decimal, ...]:
        return self.waiver_share, self.group_rate, self.refund_rate, self.visa_refusal_rate


def terms_as_json(terms: TermsRule) -> dict[str, Any]:
    """Return the terms as plain JSON values, the same for equal terms, to be stored and compared."""
    values = {field.name: _plain(getattr(terms, field.name)) for field in fields(terms)}
    return {"format": FORMAT, **values}


def terms_from_json(document: Mapping[str, Any]) -> TermsRule:
    """Return the terms that :func:`terms_as_json` wrote.

    :raises ValueError: when the document is of another format or holds no terms.
    """
    if document.get("format") != FORMAT:
        raise ValueError(f"terms of format {document.get('format')!r}, expected {FORMAT}")
    values = {key: value for key, value in document.items() if key != "format"}
    unknown = values.keys() - {field.name for field in fields(TermsRule)}
    if unknown:
        raise ValueError(f"unknown terms: {', '.join(sorted(unknown))}")
    return TermsRule(**{key: _typed(key, value) for key, value in values.items()})


_TYPED: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {
        "waiver_income_classes": tuple,
        "waiver_share": Decimal,
        "group_rate": Decimal,
        "refund_rate": Decimal,
        "visa_refusal_rate": Decimal,
        "group_scope": GroupScope,
        "group_on_leaver": OnLeaver,
        "boundary": RefundBoundary,
        "invoice_when": InvoiceWhen,
        "invoice_due_on": date.fromisoformat,
    }
)


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def _typed(key: str, value: Any) -> Any:  # JSON values are of any type until the rule has them
    if value is None or key not in _TYPED:
        return value
    return _TYPED[key](value)
