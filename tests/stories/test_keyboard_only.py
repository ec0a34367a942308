"""Every act by keyboard alone: from the sign-in to the reference number, with and without a script."""

import pytest
from tests.stories.earlier import draft_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without any script"])
def test_a_filled_draft_is_sent_by_tab_enter_and_space(tell, script):
    jun = draft_of(tell, "Jun Habagat")
    reader = tell.somebody(script=script)
    reader.visits("/my/")

    goes_to(reader, "Your e-mail address")
    reader.page.keyboard.type(jun.who.email)
    reader.page.keyboard.press("Enter")
    reader.page.get_by_label("The six digits").wait_for()
    goes_to(reader, "The six digits")
    reader.page.keyboard.type(tell.code_for(jun.who.email))
    reader.page.keyboard.press("Enter")
    goes_to(reader, "Check and send")
    reader.page.keyboard.press("Enter")
    goes_to(reader, "What I wrote is true, and I accept these terms.")
    reader.page.keyboard.press("Space")
    goes_to(reader, "Send my application")
    reader.page.keyboard.press("Enter")

    reader.page.wait_for_url("**/sent/")
    reader.stands_before("Your application has been sent")
    reader.sees(jun.reference)
    tell.the_worker_works()
    assert tell.subjects_to(jun.who.email) == [f"We have your application {jun.reference}"]


def goes_to(reader, name):
    """Press Tab until the field or button of this name has the focus, as somebody without a mouse does."""
    reader.page.get_by_label(name).or_(reader.page.get_by_role("button", name=name)).or_(
        reader.page.get_by_role("link", name=name)
    ).first.wait_for()
    for _ in range(80):
        if name in reader.page.evaluate(FOCUSED):
            return
        reader.page.keyboard.press("Tab")
    raise AssertionError(f"{reader.page.url}: no Tab leads to {name}")


FOCUSED = """() => { const it = document.activeElement;
 const labels = [...(it.labels || [])].map(label => label.innerText);
 return it.tagName === 'BODY' ? '' : [it.innerText, ...labels].join(' ') }"""
