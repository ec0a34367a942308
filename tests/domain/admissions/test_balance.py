"""How a circle of applicants is counted, and what is told of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.admissions import make_application, make_authority
from tests.factories.programme import make_edition

from chancery.domain.admissions.models import ApplicationAnswer
from chancery.domain.admissions.policies.balance import FEW, Untold, disclosed
from chancery.domain.admissions.queries.balance import Circle, count_composition
from chancery.domain.admissions.states import ApplicationState
from chancery.domain.network.models import Country, IncomeClass


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        pytest.param({"a": 9, "b": 12, "c": 5}, {"a": 9, "b": 12, "c": 5}, id="all large"),
        pytest.param({"a": 3, "b": 2, "c": 9}, {"a": Untold.FEW, "b": Untold.FEW, "c": 9}, id="two are few"),
        pytest.param(
            {"a": 4, "b": 9, "c": 6},
            {"a": Untold.FEW, "b": 9, "c": Untold.KEPT_BACK},
            id="one alone would be told by the total",
        ),
        pytest.param({"a": 0, "b": 9}, {"a": 0, "b": 9}, id="nobody is no person"),
        pytest.param({"a": 3, "b": 0}, {"a": Untold.FEW, "b": 0}, id="a total of few"),
        pytest.param({}, {}, id="nobody applied"),
    ],
)
def test_groups_of_fewer_than_five_are_few(counts: dict[str, int], told: dict[str, int | Untold]) -> None:
    assert disclosed(counts) == told


@given(st.dictionaries(st.integers(), st.integers(0, 30), max_size=6))
def test_no_small_group_can_be_worked_out_from_the_total(counts: dict[int, int]) -> None:
    told = disclosed(counts)

    hidden = [counts[key] for key, count in told.items() if isinstance(count, Untold)]
    assert all(isinstance(count, Untold) or count == counts[key] for key, count in told.items())
    assert not any(isinstance(count, int) and 0 < count < FEW for count in told.values())
    assert len(hidden) != 1 or sum(counts.values()) == hidden[0] < FEW


@pytest.mark.django_db
def test_a_circle_is_counted_by_region_class_and_answer() -> None:
    edition = make_edition()
    nairobi = make_authority("Nairobi", "Kenya", "KEN", "Africa")
    IncomeClass.objects.create(country=Country.objects.get(iso3="KEN"), fiscal_year="FY23", code="LM", source="test")
    IncomeClass.objects.create(country=Country.objects.get(iso3="KEN"), fiscal_year="FY24", code="UM", source="test")
    first = make_application(edition=edition, authority=nairobi, state=ApplicationState.ADMITTED)
    make_application(edition=edition)
    make_application(edition=edition, authority=nairobi, state=ApplicationState.DRAFT)
    ApplicationAnswer.objects.create(application=first, key="seniority", value="junior")

    sent, admitted, shortlist = (
        count_composition(edition, circle, fiscal_year="FY23", questions=["seniority"])
        for circle in (Circle.SENT, Circle.ADMITTED, Circle.SHORTLIST)
    )

    assert (sent.total, dict(sent.regions)) == (2, {"Africa": 1, "Asia": 1})
    assert dict(sent.classes) == {"LM": 1, "none": 1}
    assert dict(sent.answers["seniority"]) == {"junior": 1, "": 1}
    assert (admitted.total, dict(admitted.regions), dict(admitted.classes)) == (1, {"Africa": 1}, {"LM": 1})
    assert shortlist == admitted
