"""The worker looks each night at what is over, and goes on until nothing is left."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from tests.factories.forgetting import make_withdrawn

from chancery.domain.admissions.models import Application
from chancery.foundation.files.models import FileRemoval, StoredFile
from chancery.foundation.files.storage import path_of
from chancery.foundation.tasks import heartbeats
from chancery.interfaces.worker.sweeps import SWEEPS, forget_what_is_over, retention_is_due

pytestmark = pytest.mark.django_db
NIGHT = datetime(2025, 11, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def test_a_night_deletes_what_is_over_and_is_marked() -> None:
    application = make_withdrawn()

    with time_machine.travel(NIGHT, tick=False):
        due, gone, marked = retention_is_due(), forget_what_is_over(), heartbeats.noted_at("retention")
        again = retention_is_due()

    assert (due, gone > 0, marked, again) == (True, True, NIGHT, False)
    assert Application.objects.get(pk=application.pk).erased_at == NIGHT


def test_the_next_night_looks_again() -> None:
    with time_machine.travel(NIGHT, tick=False):
        forget_what_is_over()

    with time_machine.travel(NIGHT + timedelta(hours=24, seconds=1), tick=False):
        assert retention_is_due()


def test_bytes_that_a_killed_sweep_left_go_with_the_next() -> None:
    make_withdrawn()
    left = path_of(StoredFile.objects.earliest("id"))
    FileRemoval.objects.create(path=StoredFile.objects.earliest("id").path, ordered_at=NIGHT)

    forget_what_is_over()

    assert not left.exists()
    assert not FileRemoval.objects.exists()


def test_it_is_one_of_the_sweeps() -> None:
    assert [sweep.run for sweep in SWEEPS if sweep.name == "retention"] == [forget_what_is_over]
