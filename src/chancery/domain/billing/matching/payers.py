"""Who seems to have paid: an account seen before, the payer's name, a city or a person in the text."""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from chancery.domain.billing.matching.book import Book
from chancery.domain.billing.matching.facts import Bill, EntryFacts, Evidence, Sign
from chancery.domain.billing.matching.names import telling_words

SHARED_BY = 3  # payers: an account of that many is a treasury's or a bank's
AKIN = 65.0  # of 100: spellings of one name in two languages share two letters in three
WIDE = 300  # bills: a word that leads to more leads nowhere


def signs_of_payer(entry: EntryFacts, book: Book) -> dict[int, tuple[Sign, ...]]:
    """Return what of the payer and the free text leads to each bill; a name never weighs more than one sum."""
    found: dict[int, list[Sign]] = defaultdict(list)
    _seen_account(entry, book, found)
    of_payer, in_text = _words(entry.payer_name, book), _words(entry.remittance, book)
    for key in _led_to((*of_payer, *in_text), book):
        bill = book.bill(key)
        found[key] += [*_names(entry, bill, of_payer, in_text), *_people(bill, of_payer, in_text)]
    return {key: tuple(signs) for key, signs in found.items() if signs}


def _seen_account(entry: EntryFacts, book: Book, found: dict[int, list[Sign]]) -> None:
    if not entry.payer_account:
        return
    shared = len(book.accounts.get(entry.payer_account, ())) > SHARED_BY
    sign = Sign(Evidence.ACCOUNT_SHARED if shared else Evidence.ACCOUNT_SEEN, entry.payer_account)
    for bill in book.by_account(entry.payer_account):
        if not found[bill.key]:
            found[bill.key].append(sign)


def _words(text: str, book: Book) -> dict[str, str]:
    """Return the words of bills that a text carries, each with the word as it was told."""
    return {close: word for word in telling_words(text) for close in book.close_words(word)}


def _led_to(words: Iterable[str], book: Book) -> set[int]:
    keys: set[int] = set()
    for word in words:
        for led in (book.of_place_word(word), book.of_person_word(word)):
            if len(led) <= WIDE:
                keys |= led
    return keys


def _names(entry: EntryFacts, bill: Bill, of_payer: dict[str, str], in_text: dict[str, str]) -> list[Sign]:
    told = telling_words(entry.payer_name)
    for name in (*bill.names, *bill.cities):
        words = telling_words(name)
        if words and words <= of_payer.keys():
            rest = told - {of_payer[word] for word in words}
            other = any(_is_other(word, words) for word in rest - of_payer.keys())
            return [Sign(Evidence.PAYER_NAME_PART if other else Evidence.PAYER_NAME, name)]
    for city in bill.cities:
        words = telling_words(city)
        if words and words <= in_text.keys() | of_payer.keys():
            return [Sign(Evidence.CITY_NAMED, city)]
    return []


def _is_other(word: str, words: frozenset[str]) -> bool:
    """Whether a word of the payer is no spelling of the name in another language, as Bruxelles is of Brussels."""
    return all(fuzz.ratio(word, known) < AKIN for known in words)


def _people(bill: Bill, of_payer: dict[str, str], in_text: dict[str, str]) -> list[Sign]:
    """Somebody is named by two words of the name, or by its last one."""
    told = of_payer.keys() | in_text.keys()
    places = {word for name in (*bill.names, *bill.cities) for word in telling_words(name)}
    signs = []
    for person in bill.people:
        words = telling_words(person) - places
        last = person.split()[-1:] if person.split() else []
        if len(words & told) > 1 or any(telling_words(word) & told & words for word in last):
            signs.append(Sign(Evidence.PERSON_NAMED, person))
    return signs[:1]
