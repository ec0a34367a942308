"""The language at the head of a public address."""

from django.conf import settings


class LanguageConverter:
    """One of the languages that the pages speak."""

    regex = "|".join(code for code, _ in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        """Return the code."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code; a regional variant is its language."""
        return value.split("-")[0]
