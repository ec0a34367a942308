"""Names as banks write them: capitals, no accents, legal forms and offices around the one word that tells."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
NOT_DECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "ð": "d", "þ": "th"})
# What stands around the name of a city, in the languages of the network; none of these words tells who pays.
ARTICLES = (
    "a al and d da das de del della den der des di do dos du e el et for i im l la las le les lo los of the to und "
    "van von y"
)
OFFICES = (
    "administracion administration agencia agency ajuntament alcaldia area assembly authority ayuntamiento bureau "
    "camara capital citta city ciudad comuna commune communaute comune conseil consejo corporation council county "
    "department departamento departement distrito district division finance finances financiera gemeente gobierno grad "
    "gouvernement government governo greater hacienda hall intendencia kommune magistrat mairie metropole "
    "metropolis metropolitan metropolitana metropolitano municipal municipalidad municipalite municipality municipio "
    "office oficina prefecture prefeitura provincia province public publica publico region regional secretaria "
    "secretariat service services stad stadt tesoreria tesoro town treasury tresor ville voivodeship"
)
LEGAL_FORMS = "ab ag as bv co corp cv gmbh inc kg llc llp ltd nv oy oyj plc pty sa sas sarl sl slu spa srl"
GENERIC = frozenset(f"{ARTICLES} {OFFICES} {LEGAL_FORMS}".split())
SHORTEST = 3


def words_of(text: str) -> list[str]:
    """Return the words of a text: no accents, no capitals, in their order."""
    if text.isascii():
        return WORD.findall(text.lower())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(NOT_DECOMPOSED))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return WORD.findall(bare)


@lru_cache(maxsize=20_000)
def telling_words(text: str) -> frozenset[str]:
    """Return the words that tell one payer from another: no articles, offices, legal forms, figures or initials."""
    return frozenset(
        word
        for word in words_of(text)
        if word not in GENERIC and not word.isdigit() and (len(word) >= SHORTEST or not word.isascii())
    )
