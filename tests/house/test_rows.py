"""What every row promises: keys point down the house, personal data is declared, migrations are there."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from tests.house.sources import SOURCE

from chancery.foundation.privacy.declarations import Declaration, Erase
from chancery.foundation.privacy.retention import period, periods

ROOMS = ["network", "programme", "admissions", "billing", "enrollment"]
OURS = [model for model in apps.get_models() if model.__module__.startswith("chancery.")]
APPS = sorted({model._meta.app_config.name for model in OURS})


def label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", OURS, ids=label)
def test_a_row_points_only_to_rooms_before_its_own(model: type[models.Model]) -> None:
    own = model._meta.app_label
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey):
            continue
        target = field.related_model._meta.app_label
        if target not in ROOMS:
            continue
        assert own in ROOMS, f"{label(model)}.{field.name} of the foundation points into a room"
        assert ROOMS.index(target) <= ROOMS.index(own), f"{label(model)}.{field.name} points up the house"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_nothing_goes_along_when_a_row_is_deleted(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            assert field.remote_field.on_delete is models.PROTECT, f"{label(model)}.{field.name}"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_each_model_is_in_the_privacy_register(model: type[models.Model]) -> None:
    declaration = model.__dict__.get("privacy")

    assert isinstance(declaration, Declaration), f"{label(model)} does not say what personal data it holds"
    assert declaration.retention in periods(), f"{label(model)}: retention.toml has no {declaration.retention!r}"
    names = {field.name for field in model._meta.get_fields()}
    assert set(declaration.export) <= names
    assert set(declaration.blank) <= names
    assert bool(declaration.blank) == (declaration.erase is Erase.BLANK)
    _follow(model, declaration.person)


def test_each_rule_of_retention_is_of_some_model() -> None:
    declared = {model.__dict__["privacy"].retention for model in OURS}
    parts = {part for key in declared for part in _with_parts(key)}

    assert parts == set(periods())


def _with_parts(key: str) -> set[str]:
    return {key}.union(*(_with_parts(part) for part in period(key).one_of))


def _follow(model: type[models.Model], path: str) -> None:
    if not path:
        return
    if path == "self":
        assert label(model) == "accounts.Person"
        return
    current = model
    for step in path.split("__"):
        current = current._meta.get_field(step).related_model  # type: ignore[assignment]  # a relation by the register
    assert label(current) == "accounts.Person", f"{label(model)}: {path} does not lead to a person"


@pytest.mark.parametrize("app", APPS)
def test_each_app_with_models_has_a_first_migration(app: str) -> None:
    folder = SOURCE.joinpath(*app.split(".")[1:]) / "migrations"

    assert (folder / "__init__.py").exists()
    assert (folder / "0001_initial.py").exists()


@pytest.mark.parametrize("app", APPS)
def test_migrations_are_named_and_stand_in_one_line(app: str) -> None:
    folder = SOURCE.joinpath(*app.split(".")[1:]) / "migrations"
    numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert not [path.name for path in folder.glob("*_auto_*.py")]


@pytest.mark.django_db
def test_the_models_are_as_the_migrations_say() -> None:
    said = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert "No changes" in said.getvalue()


@pytest.mark.parametrize("model", OURS, ids=label)
def test_constraints_and_indexes_have_names_of_ours(model: type[models.Model]) -> None:
    for rule in [*model._meta.constraints, *model._meta.indexes]:
        assert rule.name
        assert not rule.name.startswith(model._meta.db_table), f"{rule.name}: name the fact, not the table"
