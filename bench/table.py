"""The rows of the speed table and how they are printed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Row:
    """One work: what was measured, its limit of the same run, their ratio, and the target it has to meet."""

    work: str
    measured: str
    limit: str
    ratio: float | None
    target: str
    met: bool

    def cells(self) -> tuple[str, ...]:
        """Return the row as words."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.work, self.measured, self.limit, ratio, self.target, "yes" if self.met else "NO")


HEAD = ("work", "measured", "limit in the same run", "ratio", "target", "met")


def as_text(rows: Sequence[Row]) -> str:
    """Return the table in columns."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in ruled)


def as_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Return the rows as plain data."""
    return [asdict(row) for row in rows]


def from_json(rows: Sequence[dict[str, object]]) -> list[Row]:
    """Return rows from what :func:`as_json` gave."""
    names = [field.name for field in fields(Row)]
    return [Row(**{name: row[name] for name in names}) for row in rows]  # type: ignore[arg-type]  # written by as_json
