"""What the code looks like: who writes, who may not, and how acts are called."""

import ast
import re
from pathlib import Path

import pytest
from tests.house.sources import (
    ROOT,
    SOURCE,
    calls,
    name_of,
    public_functions,
    python_files,
    tree,
    with_private_ones,
)

from chancery.interfaces.cli import suite

VIEWS = python_files("interfaces/*/views/**/*.py", "interfaces/*/views.py")
SERVICES = python_files(
    "domain/*/services.py",
    "domain/*/services/**/*.py",
    "journey/*.py",
    "foundation/*/services.py",
    "foundation/accounts/sign_in.py",
    "foundation/accounts/second_factor.py",
    "foundation/accounts/passkeys.py",
    "foundation/tasks/*.py",
)
WRITES = {
    *("create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "save", "delete"),
    *("insert_rows", "record", "queue_mail"),
}
FORBIDDEN_NAMES = {
    "utils", "util", "helpers", "helper", "common", "manager", "managers", "handler", "handlers",
    "process", "data", "info", "misc", "core", "base",
}  # fmt: skip
# Functions that work in several short transactions on purpose, because what one holds must outlive the failure of the
# next; each names its transactions itself.
STAGED = {
    "foundation/accounts/sign_in.py": {
        "send_sign_in_code",
        "send_erasure_code",
        "redeem_sign_in_code",
        "check_password",
    },
    "foundation/accounts/second_factor.py": {"check_second_factor"},
    "foundation/accounts/passkeys.py": {"check_passkey"},
    "foundation/tasks/form_tokens.py": {"sent_once"},
}
LOCKS = {"office_page", "signed_in", "own_application", "own_place"}
# Leases and form tokens live in the machine's time, whatever the story's clock says (docs/decisions).
LEASES = {"foundation/tasks/form_tokens.py": {"machine_now"}, "journey/settle.py": {"machine_now"}}


def writes(node: ast.AST) -> set[str]:
    """Return what is called inside a node that writes rows; a queryset's ``update`` is known by its keywords."""
    made = [each for each in ast.walk(node) if isinstance(each, ast.Call) and each.keywords and not each.args]
    updates = {each.func.attr for each in made if isinstance(each.func, ast.Attribute)} & {"update"}
    return calls(node) & WRITES | updates


def is_atomic(function: ast.FunctionDef) -> bool:
    """Say whether a function is decorated, or does all it does inside one block."""
    if any("transaction.atomic" in ast.unparse(decorator) for decorator in function.decorator_list):
        return True
    blocks = [node for node in ast.walk(function) if isinstance(node, ast.With)]
    return any("transaction.atomic" in ast.unparse(block.items[0]) for block in blocks)


def steps_called(path: Path) -> set[str]:
    """Return the functions of journey modules that a page calls, such as ``save`` of ``apply.save()``."""
    steps = {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "chancery.journey"
        for alias in node.names
    }
    return {
        node.func.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id in steps
    }


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_a_view_writes_nothing_itself(path: Path) -> None:
    written = writes(tree(path)) - steps_called(path)

    assert not written, f"{name_of(path)} calls {written}: a page calls one act and renders"
    assert "atomic" not in path.read_text()


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_the_lock_of_a_page_stands_before_all_that_it_guards(path: Path) -> None:
    """What is guarded by a lock, such as the one-time token of a form, is not spent by who may not pass."""
    for function in public_functions(path):
        guards = [ast.unparse(decorator).partition("(")[0] for decorator in function.decorator_list]
        assert not LOCKS & set(guards[1:]), f"{name_of(path)}: {function.name} has its lock below {guards[0]}"
        assert "sent_once" not in guards or guards[0] in LOCKS, f"{name_of(path)}: {function.name} has no lock"


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_what_writes_runs_in_one_transaction(path: Path) -> None:
    loose = {
        function.name
        for function in public_functions(path)
        if not is_atomic(function) and function.name not in STAGED.get(name_of(path), set())
        if any(writes(each) for each in with_private_ones(path, function) if not is_atomic(each))
    }

    assert not loose, f"{name_of(path)}: {loose} write outside transaction.atomic"


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_what_writes_takes_by_position_at_most_what_it_is_about(path: Path) -> None:
    by_position = {
        function.name
        for function in public_functions(path)
        if len(function.args.posonlyargs + function.args.args) > 1
        if any(writes(each) for each in with_private_ones(path, function))
    }

    assert not by_position, f"{name_of(path)}: {by_position} take several arguments by position"


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_an_act_that_leaves_a_trail_says_who_and_when_by_name(path: Path) -> None:
    for function in public_functions(path):
        parts = with_private_ones(path, function)
        if not any("record" in calls(each) for each in parts):
            continue
        named = {argument.arg for argument in function.args.kwonlyargs}
        words = "\n".join(ast.unparse(each) for each in parts)
        assert not function.args.args, f"{name_of(path)}: {function.name} takes arguments by position"
        assert "now" in named, f"{name_of(path)}: {function.name} reads the clock itself"
        assert "actor" in named or "SYSTEM" in words or "user_actor" in words, (
            f"{name_of(path)}: {function.name} does not say who acted"
        )


@pytest.mark.parametrize("path", python_files("journey/*.py"), ids=name_of)
def test_a_step_of_the_stair_is_called_by_names_only(path: Path) -> None:
    positional = {function.name for function in public_functions(path) if is_atomic(function) and function.args.args}

    assert not positional


def test_no_file_is_a_drawer_for_anything() -> None:
    drawers = [name_of(path) for path in python_files("**/*.py") if path.stem in FORBIDDEN_NAMES]
    rooms = [name_of(path) for path in SOURCE.rglob("*") if path.is_dir() and path.name in FORBIDDEN_NAMES]

    assert not drawers
    assert [room for room in rooms if list((SOURCE / room).glob("*.py"))] == []


@pytest.mark.parametrize("path", python_files("**/*.py"), ids=name_of)
def test_nothing_happens_by_signal_or_by_saving(path: Path) -> None:
    imported = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    receivers = {name for name in imported if name.startswith(("django.dispatch", "django.db.models.signals"))}

    assert not receivers
    if "models" in (path.stem, path.parent.name):
        overridden = {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}
        assert not overridden & {"save", "delete"}


@pytest.mark.parametrize("path", python_files("domain/**/*.py", "journey/*.py", "foundation/**/*.py"), ids=name_of)
def test_only_the_edge_reads_the_clock(path: Path) -> None:
    if name_of(path) in {"foundation/clock.py", "foundation/accounts/second_factor.py"}:
        return
    read = calls(tree(path)) & {"machine_now", "utcnow", "today"}
    read |= {"datetime.now"} if "datetime.now(" in path.read_text() else set()

    assert not read - LEASES.get(name_of(path), set()), f"{name_of(path)} reads the clock: {read}"


@pytest.mark.parametrize(
    ("marks", "folders"),
    [(r"mark\.(engine|waits)\b", suite.PROCESSES), (r"mark\.browser\b", suite.STORIES)],
    ids=["processes", "browser"],
)
def test_what_needs_processes_or_a_browser_lives_where_the_suite_looks_for_it(
    marks: str, folders: tuple[str, ...]
) -> None:
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if re.search(marks, path.read_text())]
    elsewhere = [path for path in marked if not any(path.is_relative_to(ROOT / folder) for folder in folders)]

    assert marked
    assert not elsewhere
