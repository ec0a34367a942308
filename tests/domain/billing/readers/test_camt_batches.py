import pytest
from tests.factories.camt import balance, detail, document, entry, read, statement

EUR = 'Ccy="EUR"'


def tx(amount, currency="EUR"):
    return f'<AmtDtls><TxAmt><Amt Ccy="{currency}">{amount}</Amt></TxAmt></AmtDtls>'


def charged(amount):
    return f'<Chrgs><Rcrd><Amt Ccy="EUR">{amount}</Amt></Rcrd></Chrgs>'


def instructed(amount, currency):
    return f'<AmtDtls><InstdAmt><Amt Ccy="{currency}">{amount}</Amt></InstdAmt></AmtDtls>'


@pytest.mark.parametrize(
    ("total", "details", "cents"),
    [
        ("30", [detail(amount="10"), detail(amount="15"), detail(amount="5")], [1000, 1500, 500]),
        ("30", [detail(tx("10")), detail(tx("15")), detail(tx("5"))], [1000, 1500, 500]),
        (
            "30",
            [detail(tx("10"), amount="11", currency="USD"), detail(tx("20"), amount="22", currency="USD")],
            [1000, 2000],
        ),
        ("30", [detail(tx("10")), detail()], [1000, 2000]),
        (
            "10",
            [
                detail("<CdtDbtInd>CRDT</CdtDbtInd>", amount="15"),
                detail("<CdtDbtInd>DBIT</CdtDbtInd>", amount="5"),
            ],
            [1500, -500],
        ),
        (
            "15",
            [detail("<CdtDbtInd>DBIT</CdtDbtInd>", amount="10"), detail("<CdtDbtInd>DBIT</CdtDbtInd>", amount="5")],
            [1000, 500],
        ),
        ("28", [detail(charged("1"), amount="10"), detail(charged("1"), amount="20")], [900, 1900]),
    ],
    ids=[
        "own amounts",
        "amounts in details",
        "the account's currency counts",
        "one gap is what is left",
        "both directions",
        "directions of the other side",
        "net of charges",
    ],
)
def test_a_batch_falls_into_its_details(total, details, cents):
    (found,) = read(document(statement(entry(total, details="".join(details))))).statements

    assert [part.amount_cents for part in found.entries] == cents
    assert [part.detail_index for part in found.entries] == list(range(1, len(cents) + 1))
    assert not any(part.doubtful for part in found.entries)


@pytest.mark.parametrize(
    ("total", "details", "cents"),
    [
        ("30", [detail(amount="10"), detail(amount="15")], [1000, 1500, 500]),
        ("20", [detail(amount="10"), detail(amount="15")], [1000, 1500, -500]),
        ("30", [detail(amount="40"), detail()], [3000]),
        ("30", [detail(), detail()], [3000]),
        ("30", [detail(instructed("33", "USD")), detail(instructed("11", "USD"))], [3000]),
        ("30", [detail(amount="10")], [3000]),
    ],
    ids=[
        "too little",
        "too much",
        "a gap that cannot be",
        "no amounts",
        "foreign amounts",
        "a lone detail that differs",
    ],
)
def test_a_batch_that_does_not_add_up_is_doubtful_and_nothing_is_dropped(total, details, cents):
    opening, closing = balance("OPBD", "0"), balance("CLBD", total)
    (found,) = read(document(statement(opening, closing, entry(total, details="".join(details))))).statements

    assert [part.amount_cents for part in found.entries] == cents
    assert all(part.doubtful for part in found.entries)
    assert found.closed.balanced is True


def test_charges_taken_from_a_batch_are_an_object_of_their_own_and_said_once():
    inside = detail(amount="1000") + detail(amount="1000")
    (found,) = read(document(statement(entry("1985", after=charged("15"), details=inside)))).statements

    assert [part.amount_cents for part in found.entries] == [100_000, 100_000, -1500]
    assert [part.charges_cents for part in found.entries] == [0, 0, 1500]
    assert not any(part.doubtful for part in found.entries)


def test_charges_of_the_entry_and_of_its_details_are_said_once():
    inside = detail(charged("5"), amount="10") + detail(charged("10"), amount="20")
    (found,) = read(document(statement(entry("15", after=charged("15"), details=inside)))).statements

    assert [part.charges_cents for part in found.entries] == [500, 1000]


def test_a_lone_payment_with_charges_taken_off_counts_as_booked():
    (found,) = read(document(statement(entry("985", after=charged("15"), details=detail(amount="1000"))))).statements

    assert [(part.amount_cents, part.charges_cents, part.doubtful) for part in found.entries] == [(98_500, 1500, False)]


def test_details_in_several_groups_stay_in_order():
    groups = f"{detail(amount='1')}{detail(amount='2')}</NtryDtls><NtryDtls>{detail(amount='3')}{detail(amount='4')}"
    (found,) = read(document(statement(entry("10", details=groups), entry("5", details=detail(amount="5"))))).statements

    assert [part.amount_cents for part in found.entries] == [100, 200, 300, 400, 500]


def test_each_detail_keeps_its_own_payer_and_raw_text():
    def paid_by(name, amount):
        return detail(f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties>", amount=amount)

    (found,) = read(document(statement(entry("3", details=paid_by("One", "1") + paid_by("Two", "2"))))).statements

    assert [part.payer_name for part in found.entries] == ["One", "Two"]
    assert "Two" not in found.entries[0].raw
    assert "Two" in found.entries[1].raw
