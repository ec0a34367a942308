"""Statements written by hand, sign by sign: for what no well-behaved bank would send.

Well-formed ones come from ``chancery.interfaces.demo.camt``.
"""

from io import BytesIO

from chancery.domain.billing.readers import StatementEntry, StatementFileContent, StatementRefused, read_file

ACCOUNT = "ES9121000418450200051332"
NAMESPACE = 'xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"'


def entry(
    amount="1500.00",
    *,
    currency='Ccy="EUR"',
    direction="CRDT",
    status="<Sts><Cd>BOOK</Cd></Sts>",
    booked="<BookgDt><Dt>2024-10-21</Dt></BookgDt>",
    before="",
    details="",
    after="",
):
    """Return one Ntry."""
    return (
        f"<Ntry>{before}<Amt {currency}>{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{status}{booked}"
        f"<ValDt><Dt>2024-10-22</Dt></ValDt>{after}{f'<NtryDtls>{details}</NtryDtls>' if details else ''}</Ntry>"
    )


def detail(inner="", *, amount=None, currency="EUR"):
    """Return one TxDtls."""
    told = "" if amount is None else f'<Amt Ccy="{currency}">{amount}</Amt>'
    return f"<TxDtls>{told}{inner}</TxDtls>"


def balance(code, amount, *, currency="EUR", direction="CRDT", day="2024-10-21"):
    """Return one Bal."""
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def statement(*inner, account=f"<Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy>", identity="S-1"):
    """Return one Stmt."""
    return (
        f"<Stmt><Id>{identity}</Id><CreDtTm>2024-10-21T06:00:00+02:00</CreDtTm>"
        f"<Acct>{account}</Acct>{''.join(inner)}</Stmt>"
    )


def document(*statements, namespace=NAMESPACE, prolog='<?xml version="1.0" encoding="UTF-8"?>\n'):
    """Return a whole file."""
    body = f"<BkToCstmrStmt>\n{'\n'.join(statements)}\n</BkToCstmrStmt>"
    return f"{prolog}<Document {namespace}>{body}</Document>".encode()


def read(content: bytes) -> StatementFileContent:
    """Read bytes as a file."""
    return read_file(BytesIO(content))


def read_entries(*inner: str) -> tuple[StatementEntry, ...]:
    """Read the entries of one statement made of these parts."""
    return read(document(statement(*inner))).statements[0].entries


def refusal_of(content: bytes) -> StatementRefused | None:
    """Return how a file is refused; null when it is read."""
    try:
        read(content)
    except StatementRefused as refused:
        return refused
    return None
