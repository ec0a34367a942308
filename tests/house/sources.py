"""Where the code lies, parsed once."""

import ast
from collections.abc import Iterator
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


def with_private_ones(path: Path, function: ast.FunctionDef) -> list[ast.FunctionDef]:
    """Return a function and all private functions of its module that it works through, itself first."""
    private = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.name[0] == "_"}
    found = [function]
    for each in found:
        named = {node.id for node in ast.walk(each) if isinstance(node, ast.Name)}
        found += [private[name] for name in sorted(named & private.keys()) if private[name] not in found]
    return found


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


def defined_names(path: Path) -> set[str]:
    """Return what a module gives a name to: itself, its functions, classes, methods, fields, members and constants."""
    return {path.stem, *_defined(tree(path).body)}


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from _defined(node.body)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
