"""A process that is killed at a word to its database: for tests of what is left and of going on."""

from typing import Any


class Killed(BaseException):
    """What a process meets when it is killed: nothing catches it."""


class KillAt:
    """Ends everything at the n-th word to the database; use as ``connection.execute_wrapper``."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left < 0 and not sql.startswith(("ROLLBACK", "RELEASE")):
            raise Killed
        return execute(sql, params, many, context)
