"""Who an applicant is, as the lists of the office say it."""

import pytest
from tests.factories.admissions import make_application

from chancery.foundation.ui.wording import END_OF_ISOLATE, ISOLATE, LEFT_TO_RIGHT
from chancery.interfaces.office.applications_shown import who

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "latin", "shown"),
    [
        ("رامي شمال", "Rami Shamal", "Rami Shamal (رامي شمال), Amman"),
        ("Iva Bura", "", "Iva Bura, Amman"),
        ("Iva Bura", "Iva Bura", "Iva Bura, Amman"),
    ],
    ids=["another script", "no Latin form", "the same twice"],
)
def test_a_name_in_another_script_stands_behind_its_latin_form(name: str, latin: str, shown: str) -> None:
    application = make_application()
    application.person.name, application.person.latin_name = name, latin
    application.authority.city.name = "Amman"

    plain = str.maketrans("", "", LEFT_TO_RIGHT + ISOLATE + END_OF_ISOLATE)

    assert who(application).translate(plain) == shown
