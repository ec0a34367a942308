"""What a country holds, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from chancery.domain.billing.policies.holding import HeldBy, Hold
from chancery.foundation.countries import country_name

WORDS: dict[HeldBy, Promise] = {
    HeldBy.ACCOUNT: gettext_lazy("the account is in %(country)s"),
    HeldBy.PAYER: gettext_lazy("the payer is in %(country)s"),
    HeldBy.AUTHORITY: gettext_lazy("the authority is in %(country)s"),
}


def hold_words(holds: Iterable[Hold]) -> list[str]:
    """Return why something is held."""
    language = get_language() or "en"
    return [str(WORDS[hold.by]) % {"country": country_name(hold.country, language)} for hold in holds]
