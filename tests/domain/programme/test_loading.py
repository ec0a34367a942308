"""Loading an edition file: once, again, changed, refused."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chancery.domain.programme.models import Edition, EditionRevision, Terms
from chancery.domain.programme.queries import current_rule, get_content, get_open_edition, get_source
from chancery.domain.programme.readers import EditionRefused
from chancery.domain.programme.services import OtherEditionHasTheNumber, SeriesMixed, load_edition
from chancery.foundation.audit.actors import SYSTEM
from chancery.foundation.audit.events import Event
from chancery.foundation.audit.models import AuditEvent

NOW = datetime(2024, 9, 2, 8, 0, tzinfo=UTC)
FILE = Path("editions/metropolis-2024.toml").read_bytes()

pytestmark = pytest.mark.django_db


def load(content: bytes = FILE):
    return load_edition(content=content, name="metropolis-2024.toml", actor=SYSTEM, now=NOW)


def test_a_loaded_file_is_the_edition_that_visitors_see():
    loaded = load()

    assert (loaded.changed, loaded.terms_version) == (True, 1)
    assert loaded.edition.reference_prefix == "M2"
    assert get_open_edition() == loaded.edition
    assert get_content(loaded.edition).programme.organiser == "Metropolis"
    assert current_rule(loaded.edition).standard_minor == 150_000
    assert get_source(loaded.edition) == FILE


def test_loading_leaves_one_event():
    load()

    assert list(AuditEvent.objects.values_list("name", flat=True)) == [Event.EDITION_LOADED]


def test_loading_the_same_file_twice_changes_nothing():
    load()
    again = load()

    assert (again.changed, again.terms_version) == (False, 1)
    assert (EditionRevision.objects.count(), Terms.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)


def test_a_changed_word_is_a_new_revision_under_the_same_terms():
    load()
    loaded = load(FILE.replace(b"Skills for a career", b"Craft for a career"))

    assert (loaded.changed, loaded.terms_version) == (True, 1)
    assert get_content(loaded.edition).text("tagline", "en").startswith("Craft")


def test_a_changed_rule_is_a_new_version_of_the_terms():
    load()
    loaded = load(FILE.replace(b'refund_rate = "0.75"', b'refund_rate = "0.80"'))

    assert loaded.terms_version == 2
    assert [terms.rule["refund_rate"] for terms in Terms.objects.order_by("version")] == ["0.75", "0.80"]


def test_dates_settled_by_the_office_are_kept():
    edition = load().edition
    Edition.objects.update(starts_on=date(2024, 11, 25), ends_on=date(2024, 11, 29), dates_settled_at=NOW)
    load(FILE.replace(b"Skills for a career", b"Craft for a career"))

    edition.refresh_from_db()
    assert (edition.starts_on, edition.ends_on) == (date(2024, 11, 25), date(2024, 11, 29))


def test_a_file_with_errors_leaves_nothing_behind():
    with pytest.raises(EditionRefused):
        load(FILE.replace(b"capacity = 24", b"capacity = 0"))

    assert (Edition.objects.count(), EditionRevision.objects.count()) == (0, 0)


def test_a_second_edition_cannot_take_the_number_of_another():
    load()

    with pytest.raises(OtherEditionHasTheNumber):
        load(FILE.replace(b'slug = "metropolis-2024"', b'slug = "metropolis-2025"'))


@pytest.mark.parametrize("prefix", ["M2C", "M", "PR"])
def test_no_edition_numbers_its_bills_in_a_series_of_others(prefix: str) -> None:
    load(FILE.replace(b"number = 2", b'number = 2\nreference_prefix = "MC"', 1) if prefix == "M" else FILE)
    other = FILE.replace(b'slug = "metropolis-2024"', b'slug = "metropolis-2025"')

    with pytest.raises(SeriesMixed):
        load(other.replace(b"number = 2", f'number = 3\nreference_prefix = "{prefix}"'.encode(), 1))

    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("tax_id", "regime", "is_taken"),
    [("ES-OTHER-0001", "internal", False), ("ES-DEMO-0000", "internal", True), ("ES-OTHER-0001", "external", True)],
    ids=["another issuer", "the same issuer", "no invoices of ours"],
)
def test_two_issuers_do_not_share_a_series_of_invoices(tax_id: str, regime: str, *, is_taken: bool) -> None:
    load(FILE)
    other = FILE.replace(b'slug = "metropolis-2024"', b'slug = "metropolis-2025"')
    other = other.replace(b"number = 2", b'number = 3\nreference_prefix = "M2"', 1)
    other = other.replace(b"ES-DEMO-0000", tax_id.encode()).replace(b'"internal"', f'"{regime}"'.encode(), 1)

    if is_taken:
        load(other)
    else:
        with pytest.raises(SeriesMixed):
            load(other)

    assert Edition.objects.count() == 1 + is_taken
