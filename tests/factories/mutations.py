"""Statements with something changed at random: a figure or a letter, or pieces taken out, put in and repeated."""

import random

PIECES = (
    b"<",
    b">",
    b"&",
    b"\x00",
    b"\xff",
    b"-",
    b",",
    b".",
    b":61:",
    b":62F:",
    b"</Ntry>",
    b"<Ntry>",
    b"9" * 30,
    b"EUR",
    b"\n",
)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Return a statement that is changed: half of the time gently, so that its frame stays whole."""
    text = bytearray(seed)
    if chance.random() < 0.5:  # figures and letters only
        for at in chance.sample([at for at, sign in enumerate(text) if chr(sign).isalnum()], chance.randint(1, 2)):
            text[at] = chance.choice(b"0123456789ABCDRZaz")
        return bytes(text)
    for _ in range(chance.randint(1, 4)):
        at, wide = chance.randrange(len(text) + 1), chance.randint(0, 12)
        match chance.randrange(5):
            case 0:
                del text[at : at + wide]
            case 1:
                text[at:at] = chance.choice(PIECES)
            case 2:
                text[at : at + wide] = chance.choice(PIECES)
            case 3:
                text[at:at] = text[at : at + wide * 8]
            case _:
                text[at : at + 1] = bytes([chance.randrange(256)])
        if not text:
            return b""
    return bytes(text)
