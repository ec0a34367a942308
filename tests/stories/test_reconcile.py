"""Explained matching at the desk: one transfer for three with a slip, charges of a bank, a queue without a mouse."""

from datetime import date

import pytest
from playwright.sync_api import expect
from tests.stories.earlier import admit, application_of, comes_in
from tests.stories.office_work import takes_in_a_statement

from chancery.domain.billing.models import Invoice, InvoiceBalance, StatementFile
from chancery.domain.billing.queries import bank
from chancery.domain.enrollment.models import Place
from chancery.interfaces.demo.camt import CamtEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

DAY = date(2024, 10, 14)
# Keeps the page where it is when a form is sent, and notes whether it would have been.
HOLD = """() => {
  window.sent = [];
  window.addEventListener("submit", event => { sent.push(!event.defaultPrevented); event.preventDefault(); });
}"""
FOCUSED = "() => document.activeElement.innerText || document.activeElement.tagName"


def test_a_city_pays_for_three_people_with_one_transfer_and_a_slip_in_the_reference(tell):
    files = [application_of(tell, name) for name in ("Efua Seabreeze", "Iva Bura", "Jun Habagat")]
    one_city_pays(files)
    admit(tell, *files)
    bills = list(Invoice.objects.order_by("id"))
    first, total = bills[0], sum(bill.total_minor for bill in bills)
    slip = f"{first.creditor_reference[:-1]}{(int(first.creditor_reference[-1]) + 4) % 10}"
    tell.it_is("2024-10-15T16:00")

    money = paid(total, "ACCRA METROPOLITAN ASSEMBLY", f"{slip} and two more")
    officer = takes_in_a_statement(tell, money)
    officer.clicks("Work through 1 line")

    officer.sees("amount equal, the sum of 3 bills of one payer", "reference one digit off")
    officer.looks()
    officer.clicks("Book EUR 4,000.00 to " + " + ".join(bill.number for bill in bills))
    tell.the_worker_works()
    assert set(Place.objects.values_list("state", flat=True)) == {"guaranteed"}
    for file in files:
        assert tell.subjects_to(file.who.email)[-1] == "Your place is guaranteed"


def test_a_payment_short_by_the_charges_of_a_bank_is_settled_by_an_officer_with_a_reason(tell):
    iva = application_of(tell, "Iva Bura")
    admit(tell, iva)
    invoice = Invoice.objects.get()
    tell.it_is("2024-10-15T16:00")

    money = paid(148_750, "GRAD ZAGREB", reference=invoice.creditor_reference, charges_cents=1_250)
    officer = takes_in_a_statement(tell, money)
    officer.clicks("Work through 1 line")
    officer.sees("EUR 12.50 short, and the bank states charges of EUR 12.50")
    officer.clicks(f"Book to {invoice.number} and say what happens with the difference")

    officer.stands_before("EUR 12.50 are missing. What happens with the difference?")
    officer.looks()
    left, amount = officer.page.locator("output[data-left-of]"), officer.page.locator("[name=amount]")
    expect(left).to_have_text("Left of the line: EUR 0.00")
    amount.fill("1400")
    expect(left).to_have_text("Left of the line: EUR 87.50")
    amount.fill("1487.50")
    officer.clicks("Book it")
    officer.sees("Say what happens with the difference.")
    officer.chooses("Write EUR 12.50 off: the bill counts as paid")
    officer.page.locator("#rest_reason").fill("charges of the bank")
    officer.clicks("Book it")

    tell.the_worker_works()
    assert InvoiceBalance.objects.get().written_off_minor == 1_250
    assert tell.subjects_to(iva.who.email)[-1] == "Your place is guaranteed"
    comes_in(tell, iva).stands_before("Place guaranteed")


@pytest.mark.book("demo")
def test_the_queue_is_worked_off_with_two_keys_a_line(tell):
    assert work_of("statement-2024-10-18.xml") == {
        "booked": 3,
        "suggested": 8,
        "suspense": 3,
        "outgoing": 1,
        "ignored": 1,
    }
    officer = tell.officer("pol")
    officer.visits("/office/bank/lines/")
    officer.looks()
    officer.page.locator("table.records tbody a").first.click()
    officer.looks()

    asked, left = [], []
    for _ in range(12):
        officer.page.wait_for_function("document.activeElement.tagName === 'H1'")
        officer.page.keyboard.press("Tab")
        act = officer.page.evaluate(FOCUSED)
        if act.startswith("Book EUR"):
            here = officer.page.url
            officer.page.keyboard.press("Enter")
            officer.page.wait_for_url(lambda url, here=here: url != here)
            continue
        (asked if act.endswith("say what happens with the difference") else left).append(officer.page.url)
        officer.clicks("Leave it, next line")

    # Every line with a suggestion took two keys, but for the one that is too much and the one that is short.
    assert (len(set(asked)), len(set(left))) == (2, 4)
    assert work_of("statement-2024-10-18.xml")["booked"] == 9
    assert Place.objects.filter(state="guaranteed").count() == 14


def test_an_act_says_that_it_is_at_work_and_is_sent_once(tell):
    visitor = tell.somebody()
    visitor.visits("/sign-in/office/")
    visitor.page.evaluate(HOLD)
    button = visitor.page.locator("main form[method=post] button").first
    words = button.inner_text()

    button.click()
    expect(button).to_have_text("Working ...")
    expect(visitor.page.get_by_role("status").filter(has_text="Working ...")).to_have_count(1)
    button.click(force=True)  # though it says that it does not answer
    assert visitor.page.evaluate("sent") == [True, False]

    visitor.page.keyboard.press("Escape")
    expect(button).to_have_text(words)
    button.click()
    assert visitor.page.evaluate("sent") == [True, False, True]


def one_city_pays(files):
    """Let the same authority be billed for all of them."""
    for file in files:
        payer = file.application.payer
        payer.legal_name, payer.address, payer.country = "Accra Metropolitan Assembly", "High Street 1", "GHA"
        payer.save()


def work_of(name):
    """Return how many lines of a statement stand in each state of work."""
    file = StatementFile.objects.get(name=name)
    return bank.count_work(file)


def paid(cents, payer, text="", **more):
    return CamtEntry(
        amount_cents=cents,
        booking_date=DAY,
        payer_name=payer,
        remittance=(text,) if text else (),
        bank_reference=f"B{cents}",
        **more,
    )
