"""Statements in MT940, line by line."""

ACCOUNT = "ES9121000418450200051332"


def message(*lines: str, account: str = ACCOUNT, number: str = "4/1", opening: str = "60F:C241020EUR100,00") -> str:
    """Return one message: its head, the lines given, its end."""
    return "\n".join([":20:STARTUMS", f":25:{account}", f":28C:{number}", f":{opening}", *lines, "-", ""])
