"""Edition files for tests: the shipped one, and one of quite another programme."""

from pathlib import Path

SHIPPED = Path(__file__).parents[3] / "editions" / "metropolis-2024.toml"

ANOTHER_PROGRAMME = """\
schema = 1
[programme]
slug = "harbour-school"
name = "Harbour School"
[edition]
slug = "harbour-2027"
starts_on = 2027-05-10
ends_on = 2027-05-14
time_zone = "Asia/Tokyo"
capacity = 40
opens_at = 2027-01-11T09:00:00
closes_at = "2027-03-31T23:59:59+09:00"
languages = ["ja", "en"]
[tariff]
currency = "JPY"
standard = "200000"
member = "150000.00"
demo = false
[text.ja]
objective = "港湾都市の国際協力を学ぶ。"
"""


def shipped() -> bytes:
    """Return the bytes of the shipped edition."""
    return SHIPPED.read_bytes()


def changed(*changes: tuple[str, str]) -> str:
    """Return the shipped edition with some texts replaced, each of which must be there exactly once."""
    text = shipped().decode()
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        text = text.replace(before, after)
    return text


def line_with(text: str, words: str) -> int:
    """Return the number of the first line that holds some words."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)
