"""Where the code lies, parsed once."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "chancery"


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(), str(path))


def python_files(*patterns: str) -> list[Path]:
    """Return files of the source that match any pattern, without migrations."""
    found = {path for pattern in patterns for path in SOURCE.glob(pattern)}
    return sorted(path for path in found if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    """Return a path as it is read in a message."""
    return str(path.relative_to(SOURCE))


def public_functions(path: Path) -> list[ast.FunctionDef]:
    """Return the functions that other modules may call."""
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def calls(node: ast.AST) -> set[str]:
    """Return the last names of everything called inside a node, such as ``create`` of ``X.objects.create()``."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            called = each.func
            if isinstance(called, ast.Attribute):
                found.add(called.attr)
            elif isinstance(called, ast.Name):
                found.add(called.id)
    return found
