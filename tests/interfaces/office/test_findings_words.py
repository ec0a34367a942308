"""Findings on pages: the reader's language, days and numbers as people write them (decision 0072)."""

import pytest
from django.utils.translation import override
from tests.domain.programme.editions import changed

from chancery.domain.programme.readers import check_edition
from chancery.interfaces.office.findings_words import finding_text

FEES = "Groups of {group_from} or more get a discount."
THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("changes", "english", "language", "sentence"),
    [
        pytest.param(
            [("ends_on = 2024-11-22", "ends_on = 2024-11-17")],
            "the edition ends on 2024-11-17, before it starts on 2024-11-18; exchange the days.",
            "es",
            "la edición termina (dom 17 nov 2024) antes de empezar (lun 18 nov 2024); intercambie los días.",
            id="days",
        ),
        pytest.param(
            [("closes_at = 2024-10-25", "closes_at = 2024-08-25")],
            "applications close at 2024-08-25 23:59, before they open; write a later instant, or open earlier.",
            "ca",
            "el termini de sol·licituds es tanca abans d'obrir-se: dg. 25 ag. 2024, 23:59;"
            " escriviu un moment posterior, o obriu el termini abans.",
            id="an instant",
        ),
        pytest.param(
            [('standard = "1500.00"', 'standard = "1500.005"')],
            "1500.005 has more digits than EUR has; EUR has 2 digits after the point.",
            "es",
            "1.500,005 tiene más decimales que la moneda EUR; decimales que admite EUR: 2.",
            id="a number",
        ),
        pytest.param(
            [('standard = "1500.00"', "standard = [1]")],
            'a list is no exact decimal; write it in quotes, such as "1500.00".',
            "fr",
            'une liste n\'est pas un nombre décimal exact; écrivez-le entre guillemets, par exemple "1500.00".',
            id="a phrase within a phrase",
        ),
        pytest.param(
            [(FEES, f"{FEES} We refund 80 %.")],
            'the text says "80 %", but refund_rate is 75; write {refund_rate} in the text.',
            "es",
            "el texto dice «80 %», pero refund_rate es 75; escriba {refund_rate} en el texto.",
            id="a per cent sign of the text",
        ),
        pytest.param(
            [('rate = "0.10"', 'rate = "1.10"')],
            '1.10 is above 100 %; write a share between "0" and "1"; 10 % is "0.10".',
            "fr",
            '1,1 dépasse 100 %; écrivez une part entre "0" et "1"; 10 % s\'écrit "0.10".',
            id="a per cent sign of ours",
        ),
        pytest.param(
            [('member = "1000.00"', 'membr = "1000.00"')],
            "membr is not a key here; did you mean member?",
            "fr",
            "membr n'est pas une clé de cette table; vouliez-vous dire member?",
            id="a question",
        ),
    ],
)
def test_a_finding_is_said_in_the_readers_language_and_in_english_on_the_command_line(
    changes: list[tuple[str, str]], english: str, language: str, sentence: str
) -> None:
    (found,) = [each for each in check_edition(changed(*changes)) if each.sentence == english]

    with override(language):
        assert finding_text(found) == _typeset(sentence, language)
        assert found.sentence == english


def _typeset(sentence: str, language: str) -> str:
    sentence = sentence.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    return sentence.replace(";", f"{THIN};").replace("?", f"{THIN}?") if language == "fr" else sentence
