"""What every command says when it is refused."""

import pytest

from chancery.foundation.ruling import Refused, refusal
from chancery.interfaces.cli import check
from chancery.interfaces.cli.program import run


@pytest.mark.parametrize(
    ("detail", "told"),
    [("", "Money that came in time waits for this bill"), ("line 4: no amount", "line 4: no amount")],
)
def test_a_refusal_is_told_in_words_not_by_its_key(
    detail: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> int:
        raise Refused(refusal("money_waits"), detail)

    monkeypatch.setattr(check, "check", refuse)

    assert run(["check"]) == 1

    said = capsys.readouterr().err
    assert told in said
    assert "money_waits" not in said
