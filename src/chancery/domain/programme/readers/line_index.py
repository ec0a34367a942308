"""Where each key of a TOML text stands: ``tomllib`` gives values, people need line numbers."""

from bisect import bisect_right
from dataclasses import dataclass

type KeyPath = tuple[str | int, ...]

_SPACE = " \t\r\n"
_BARE_END = " \t\r\n=.]}"


def line_index(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) of each table, key and array element of a valid TOML text.

    An element of an array, or of an array of tables, is named by its place, from 0.
    """
    return _Scanner(text).scan()


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand in a TOML text, by offset: each value and each pair from begin to end, each table's head."""

    values: dict[KeyPath, tuple[int, int]]
    pairs: dict[KeyPath, tuple[int, int]]
    heads: dict[KeyPath, int]


def places_of(text: str) -> Places:
    """Return where the values of a valid TOML text stand, so that one can be written anew and the rest kept."""
    scanner = _Scanner(text)
    scanner.scan()
    return Places(scanner.values, scanner.pairs, scanner.heads)


def line_of(index: dict[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key, or of the nearest table around a key that is missing, else 1."""
    while path:
        if path in index:
            return index[path]
        path = path[:-1]
    return 1


class _Scanner:
    """Walks over a text that ``tomllib`` has accepted, so that it need not judge the syntax again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line_starts = [0, *(place + 1 for place, char in enumerate(text) if char == "\n")]
        self.lines: dict[KeyPath, int] = {}
        self.tables_in_array: dict[KeyPath, int] = {}
        self.values: dict[KeyPath, tuple[int, int]] = {}
        self.pairs: dict[KeyPath, tuple[int, int]] = {}
        self.heads: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self._skip_space()
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self._array_table()
            elif self.text[self.at] == "[":
                table = self._table()
            else:
                self._pair(table)
            self._skip_space()
        return self.lines

    def _line(self) -> int:
        return bisect_right(self.line_starts, self.at)

    def _table(self) -> KeyPath:
        line = self._line()
        self.at += 1
        path = self._resolved(self._key())
        self._pass("]")
        self.heads[path] = self.at
        self._note(path, line)
        return path

    def _array_table(self) -> KeyPath:
        line = self._line()
        self.at += 2
        parts = self._key()
        self._pass("]]")
        head = self.at
        array = (*self._resolved(parts[:-1]), parts[-1])
        place = self.tables_in_array.get(array, 0)
        self.tables_in_array[array] = place + 1
        self.heads[(*array, place)] = head
        self._note((*array, place), line)
        return (*array, place)

    def _pair(self, table: KeyPath) -> None:
        line, pair = self._line(), self.at
        path = (*table, *self._key())
        self._pass("=")
        self._note(path, line)
        self._skip_space()
        begin = self.at
        self._value(path)
        end = begin + len(self.text[begin : self.at].rstrip())
        self.values[path], self.pairs[path] = (begin, end), (pair, end)

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _resolved(self, parts: list[str]) -> KeyPath:
        path: KeyPath = ()
        for part in parts:
            path = (*path, part)
            if path in self.tables_in_array:
                path = (*path, self.tables_in_array[path] - 1)
        return path

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip_space()
            parts.append(self._key_part())
            self._skip_space()
            if self.at >= len(self.text) or self.text[self.at] != ".":
                return parts
            self.at += 1

    def _key_part(self) -> str:
        if self.text[self.at] in "\"'":
            begin = self.at + 1
            self._string()
            return self.text[begin : self.at - 1]
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] not in _BARE_END:
            self.at += 1
        return self.text[begin : self.at]

    def _value(self, path: KeyPath) -> None:
        self._skip_space()
        match self.text[self.at]:
            case '"' | "'":
                self._string()
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case _:
                while self.at < len(self.text) and self.text[self.at] not in ",]}\r\n#":
                    self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        place = 0
        while self._inside("]"):
            self._note((*path, place), self._line())
            self._value((*path, place))
            place += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._inside("}"):
            self._pair(path)

    def _inside(self, closing: str) -> bool:
        self._skip_space(also=",")
        if self.text[self.at] != closing:
            return True
        self.at += 1
        return False

    def _string(self) -> None:
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            self._long_string(quote)
            return
        self.at += 1
        while self.text[self.at] != quote:
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += 1

    def _long_string(self, quote: str) -> None:
        self.at += 3
        while not self.text.startswith(quote * 3, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += 3
        # Up to two quotes may stand right before the closing three.
        while self.text.startswith(quote, self.at):
            self.at += 1

    def _pass(self, mark: str) -> None:
        self._skip_space()
        self.at += len(mark)

    def _skip_space(self, also: str = "") -> None:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                newline = self.text.find("\n", self.at)
                self.at = len(self.text) if newline < 0 else newline
            elif char in _SPACE or (also and char in also):
                self.at += 1
            else:
                return
