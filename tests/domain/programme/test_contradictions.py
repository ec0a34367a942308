"""Where an edition contradicts itself (A2, A3, A5, B3, B4, C3)."""

import pytest
from tests.domain.programme.editions import changed, line_with

from chancery.domain.programme.readers import check_edition

FEES = "Groups of {group_from} or more get a discount."


@pytest.mark.parametrize(
    ("changes", "severity", "marker", "words"),
    [
        pytest.param(
            [("due_days = 24", "due_days = 24\ndue_on = 2024-11-18"), ("provisional = true", "provisional = false")],
            "error",
            "due_on =",
            "the invoice is due on 2024-11-18, not before the start",
            id="invoice due after the start",
        ),
        pytest.param(
            [('when = "admission"', 'when = "payment"')],
            "error",
            "when =",
            "an invoice that follows the payment is not issued here",
            id="invoice after payment where invoices are issued here",
        ),
        pytest.param(
            [('vat_category = "E"', 'vat_category = "Z"')],
            "contradiction",
            "vat_category",
            '"Z" is no VAT category that an invoice of ours can tell',
            id="a tax category that no invoice of ours can tell",
        ),
        pytest.param(
            [('vat_category = "E"', 'vat_category = "S"')],
            "contradiction",
            "vat_category",
            "issuer.vat_category is S, which charges tax, and the rate is 0",
            id="tax is charged at no rate",
        ),
        pytest.param(
            [('vat_rate = "0"', 'vat_rate = "21"')],
            "contradiction",
            "vat_rate",
            "issuer.vat_category is E, which charges no tax, and the rate is 21",
            id="a rate where no tax is charged",
        ),
        pytest.param(
            [('exemption_code = "VATEX-EU-132-1I"\n', 'kept_vat_category = "O"\n')],
            "contradiction",
            "vat_category",
            "issuer.vat_category is E, and no code says why it is exempt",
            id="an exemption without its reason",
        ),
        pytest.param(
            [('exemption_code = "VATEX-EU-132-1I"', 'exemption_code = "VATEX-EU-132-1I"\nkept_vat_rate = "21"')],
            "contradiction",
            "kept_vat_rate",
            "what is kept has no VAT category of its own",
            id="a rate of what is kept without its category",
        ),
        pytest.param(
            [('exemption_code = "VATEX-EU-132-1I"', 'exemption_code = "VATEX-EU-132-1I"\nkept_vat_category = "S"')],
            "contradiction",
            "kept_vat_category",
            "issuer.kept_vat_category is S, which charges tax, and the rate is 0",
            id="what is kept is taxed at no rate",
        ),
        pytest.param(
            [("closes_at = 2024-10-25", "closes_at = 2024-11-19")],
            "error",
            "closes_at",
            "the deadline for applications, 2024-11-19, is not before the start",
            id="deadline after the start",
        ),
        pytest.param(
            [("closes_at = 2024-10-25", "closes_at = 2024-08-25")],
            "error",
            "closes_at",
            "applications close at 2024-08-25 23:59, before they open",
            id="closes before it opens",
        ),
        pytest.param(
            [("ends_on = 2024-11-22", "ends_on = 2024-11-17")],
            "error",
            "ends_on",
            "the edition ends on 2024-11-17, before it starts",
            id="ends before it starts",
        ),
        pytest.param(
            [('skills = ["measure", "evidence"]', 'skills = ["evidence"]')],
            "contradiction",
            'key = "measure"',
            "no lesson builds the skill measure",
            id="a skill that no lesson builds",
        ),
        pytest.param(
            [('applies = ["S3"]\n', "")],
            "contradiction",
            'key = "K5"',
            "no skills session applies the knowledge session K5",
            id="a knowledge session that no skills session applies",
        ),
        pytest.param(
            [('feeds = ["indicators"]\nstarts_at = 2024-11-21T09', "starts_at = 2024-11-21T09")],
            "contradiction",
            'key = "K7"',
            "session K7 feeds no part of the final work",
            id="a session that feeds nothing",
        ),
        pytest.param(
            [('fiscal_year = "FY23"', 'fiscal_year = "FY31"')],
            "error",
            "FY31",
            "the fiscal year FY31 is not known; write one of FY19",
            id="unknown fiscal year",
        ),
        pytest.param(
            [('fiscal_year = "FY23"\n', "")],
            "error",
            "[waiver]",
            "the waiver names no fiscal year",
            id="waiver without a fiscal year",
        ),
        pytest.param(
            [("due_days = 24", "due_days = 24\ndue_on = 2024-11-04")],
            "contradiction",
            "due_on =",
            "the dates are provisional, but invoices are due on a fixed day, 2024-11-04",
            id="provisional date with a fixed due day",
        ),
        pytest.param(
            [('member = "1000.00"', 'member = "1600.00"')],
            "error",
            'member = "1600.00"',
            "the member rate is above the standard rate",
            id="member rate above the standard rate",
        ),
        pytest.param(
            [('currency = "EUR"', 'currency = "EUX"')],
            "error",
            "EUX",
            '"EUX" is no currency of ISO 4217',
            id="unknown currency",
        ),
        pytest.param(
            [("ES7599990001412024111800", "ES7699990001412024111800")],
            "error",
            "iban",
            "the check digits of the IBAN are wrong",
            id="mistyped IBAN",
        ),
        pytest.param(
            [("minimum = 12", "minimum = 25")],
            "error",
            "minimum",
            "the minimum of 25 people is above the capacity of 24",
            id="minimum above capacity",
        ),
        pytest.param(
            [('income_classes = ["L"]', 'income_classes = ["Low"]')],
            "error",
            "income_classes",
            '"Low" is no income class',
            id="unknown income class",
        ),
        pytest.param(
            [('applies = ["S3"]', 'applies = ["S33"]')],
            "error",
            'applies = ["S33"]',
            "session K5 is applied in S33, which is no skills session",
            id="unknown skills session",
        ),
        pytest.param(
            [('key = "use_at_home"', 'key = "problem"')],
            "error",
            '[[question]]\npart = "problem"\nkey = "problem"\nkind = "long_text"\nrequired = false',
            "the question problem stands twice",
            id="a question twice",
        ),
        pytest.param(
            [("ends_at = 2024-11-22T13:30:00", "ends_at = 2024-11-22T09:00:00")],
            "error",
            "ends_at = 2024-11-22T09:00:00",
            "session P1 ends before it starts",
            id="a session that ends before it starts",
        ),
        pytest.param(
            [("starts_at = 2024-11-22T09:30:00", "starts_at = 2024-11-23T09:30:00"), ("22T13:30", "23T13:30")],
            "warning",
            "starts_at = 2024-11-23",
            "session P1 is on site on 2024-11-23, outside the edition's days",
            id="a session on site outside the week",
        ),
    ],
)
def test_a_contradiction_is_told_with_its_line(
    changes: list[tuple[str, str]], severity: str, marker: str, words: str
) -> None:
    text = changed(*changes)
    line = text.partition(marker)[0].count("\n") + 1

    found = [each for each in check_edition(text) if words in each.sentence]

    assert [each.severity for each in found] == [severity]
    assert abs(found[0].line - line) <= 1  # the table's own line where a whole table is meant


@pytest.mark.parametrize(
    ("sentence", "severity", "words"),
    [
        pytest.param("We refund 80 %.", "contradiction", "refund_rate is 75", id="a refund that differs"),
        pytest.param("We refund 75 per cent.", "warning", "repeats", id="a refund repeated"),
        pytest.param("Groups get 15% off.", "contradiction", "group_rate is 10", id="a discount that differs"),
        pytest.param(
            "No refund within 14 days of the start.", "contradiction", "days_before is 30", id="days that differ"
        ),
        pytest.param("The fee is 1,200 EUR.", "contradiction", "standard is 1500", id="an amount that differs"),
        pytest.param("The fee is € 1.500,00.", "warning", "repeats", id="an amount repeated"),
        pytest.param("El reembolso es del 80 por ciento.", "contradiction", "refund_rate is 75", id="in Spanish"),
        pytest.param("Lunch takes 5 days.", "warning", "no rule of this file carries", id="a figure without a rule"),
    ],
)
def test_a_figure_in_prose_is_told(sentence: str, severity: str, words: str) -> None:
    text = changed((FEES, f"{FEES} {sentence}"))

    (found,) = check_edition(text)

    assert (found.severity, found.key, found.line) == (severity, "text.en.fees", line_with(text, sentence))
    assert words in found.sentence


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("A network of 150 cities with 40 years behind it.", id="figures without a unit"),
        pytest.param("The refund is {refund_rate}.", id="a placeholder"),
        pytest.param("In 2024 the World Cities Report said so.", id="a year"),
    ],
)
def test_prose_without_rules_is_left_alone(sentence: str) -> None:
    assert check_edition(changed((FEES, f"{FEES} {sentence}"))) == ()


def test_a_placeholder_that_does_not_exist_is_an_error() -> None:
    (found,) = check_edition(changed((FEES, f"{FEES} {{standrd}}")))

    assert (found.severity, found.sentence) == ("error", "{standrd} is no placeholder; did you mean {standard}?")
