"""The payer's link: one bill, no account; nobody can make one up."""

from django.core import signing

SALT = "chancery.billing.payer"


def payer_token(number: str) -> str:
    """Return the token that opens the bill with this number."""
    return signing.dumps(number, salt=SALT)


def number_from_token(token: str) -> str | None:
    """Return the number that a token opens, or None where the token is none of ours."""
    try:
        number: str = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return number
