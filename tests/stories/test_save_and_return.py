"""Promise B1: a draft is kept at each step and goes on where it stopped, on any device."""

import pytest
from tests.stories.earlier import comes_in, draft_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WORDS = " ".join(["Rents eat the first wage of the young, and our plan has no page about it."] * 13)
ASKED = "On which problem of your city"


def test_what_was_typed_is_there_on_another_device(tell):
    rosa = given_a_draft_without_its_problem(tell)
    desk = comes_in(tell, rosa)

    when_she_types_and_pauses(desk)
    desk.context.close()
    phone = comes_in(tell, rosa)

    then_she_goes_on_where_she_stopped(phone)


def test_without_a_script_the_words_are_kept_by_the_button(tell):
    rosa = given_a_draft_without_its_problem(tell)
    desk = comes_in(tell, rosa, script=False)

    when_she_saves_for_later(desk)
    phone = comes_in(tell, rosa, script=False)

    then_she_goes_on_where_she_stopped(phone)


def test_an_empty_part_says_which_question_is_open_and_loses_nothing(tell):
    rosa = given_a_draft_without_its_problem(tell)
    desk = comes_in(tell, rosa)

    open_the_problem(desk)
    desk.types("Who at home will use", "The housing council.")
    desk.clicks("Continue")

    assert desk.page.title().startswith("Error:")
    assert desk.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    desk.sees("Answer this question.")
    assert desk.page.get_by_label("Who at home will use").input_value() == "The housing council."
    desk.page.locator("[role=alert] a").first.click()
    assert desk.page.evaluate("document.activeElement.name") == "problem"
    assert not desk.faults()


def given_a_draft_without_its_problem(tell):
    return draft_of(tell, "Rosa Paracas", without=("problem", "experience"))


def when_she_types_and_pauses(desk):
    open_the_problem(desk)
    desk.types(ASKED, WORDS)
    desk.page.get_by_text("Saved 09:00").wait_for()


def when_she_saves_for_later(desk):
    open_the_problem(desk)
    desk.types(ASKED, WORDS)
    desk.clicks("Save and come back later")
    desk.sees("In progress")


def open_the_problem(desk):
    desk.page.locator("a", has_text="Name the problem").or_(desk.page.locator("a[href$='/problem/']")).first.click()


def then_she_goes_on_where_she_stopped(phone):
    open_the_problem(phone)
    assert phone.page.get_by_label(ASKED).input_value() == WORDS
