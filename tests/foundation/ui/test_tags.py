"""Tags and filters, as a template meets them."""

import re

import pytest
from django import forms
from django.template import Context, Template

from chancery.domain.programme.readers import Words
from chancery.foundation.ui.templatetags.ui import SHAPE_OF_TONE


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Question(forms.Form):
    name = forms.CharField(label="What is your name?", help_text="In any script.")
    payer = forms.ChoiceField(label="Who pays?", widget=forms.RadioSelect, choices=[("c", "My city"), ("m", "Me")])
    agree = forms.BooleanField(label="I accept the terms.")


@pytest.mark.parametrize("tone", sorted(SHAPE_OF_TONE))
def test_each_tone_is_told_by_a_word_a_shape_and_a_class(tone):
    badge = drawn("{% tone name 'Its words' %}", name=tone)

    assert f'class="tone tone-{tone}"' in badge
    assert "<svg" in badge
    assert "Its words" in badge


def test_no_two_tones_share_a_shape():
    assert len(set(SHAPE_OF_TONE.values())) == len(SHAPE_OF_TONE)


def test_no_line_ends_within_the_number_of_a_bill():
    assert drawn("{{ number|unbroken }}", number="M2-<1>") == '<span class="reference">M2-&lt;1&gt;</span>'


def test_the_words_of_a_badge_are_escaped():
    assert "<script>" not in drawn("{% tone 'late' words %}", words="<script>")


def test_every_form_gets_a_token_of_its_own():
    tokens = {re.search('value="([^"]+)"', drawn("{% form_token %}"))[1] for _ in range(3)}  # type: ignore[index]

    assert len(tokens) == 3
    assert all(len(token) <= 40 for token in tokens)


def test_the_error_box_links_each_problem_to_its_field():
    box = drawn("{% error_summary form %}", form=Question({}))

    assert "3 answers need another look" in box
    assert re.findall('href="#([^"]+)"', box) == ["id_name", "id_payer_0", "id_agree"]


def test_a_form_without_problems_has_no_error_box():
    form = Question({"name": "Lê Gió Nồm", "payer": "c", "agree": "on"})

    assert drawn("{% error_summary form %}", form=form) == ""


def test_a_field_shows_question_hint_and_problem_before_the_input():
    shown = Question({})["name"].as_field_group()
    order = [
        shown.index(words) for words in ("What is your name?", "In any script.", "This field is required.", "<input")
    ]

    assert order == sorted(order)
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_error"' in shown


def test_radio_buttons_stand_in_a_named_group():
    shown = Question()["payer"].as_field_group()

    assert "<fieldset" in shown
    assert "<legend>Who pays?</legend>" in " ".join(shown.split())


def test_free_text_takes_the_direction_of_its_script():
    assert 'dir="auto"' in Question()["name"].as_field_group()


def test_a_text_in_several_languages_is_said_in_the_readers():
    words = Words((("en", "Flights"), ("fr", "Vols")))

    assert drawn("{% load i18n %}{% language 'fr' %}{{ words|say }}{% endlanguage %}", words=words) == "Vols"


@pytest.mark.parametrize(
    "source",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", '<a href="https://x.example" onclick="y()">x</a>'],
    ids=["a script", "a script in a link", "a handler"],
)
def test_texts_of_the_edition_cannot_carry_a_script(source):
    html = drawn("{{ text|markdown }}", text=source)

    assert not re.search(r"<script|<a [^>]*(javascript|onclick)", html)


def test_a_refusal_is_announced_and_takes_the_focus():
    box = drawn("{% refused heading='Not declined' %}No talk has been held.{% endrefused %}")

    assert 'role="alert"' in box
    assert "data-focus" in box
    assert "No talk has been held." in box
