"""The payer's link: one bill, no account; nobody can make one up, and it ends some time after all is settled."""

from datetime import timedelta

from django.core import signing

SALT = "chancery.billing.payer"
# A quarter: payers pay, file and check in it. Whoever has an old mail, or left the role, opens no bill for ever.
LASTS = timedelta(days=90)


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


def is_fresh(token: str) -> bool:
    """Tell whether a token was made so lately that it opens its bill whatever became of it."""
    try:
        signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return False
    return True
