"""How logs look: one JSON line an event in production, plain lines for people in the demo."""

import logging
import re

import structlog
from structlog.typing import Processor

# Whoever has one of these addresses sets a password, or reads a bill and pays it.
KEY = re.compile(r"(/sign-in/invitation/|/pay/)[^/?\s]+")
SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class KeysLeftOut(logging.Filter):
    """Cuts the one-time links of invitations and the links of payers out of the addresses that Django logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without keys."""
        if isinstance(record.args, tuple):
            record.args = tuple(KEY.sub(r"\1...", each) if isinstance(each, str) else each for each in record.args)
        return True


def formatter(*, json: bool) -> logging.Formatter:
    """Return the formatter of the console handler, for our own events and those of libraries alike."""
    last: Processor = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    steps: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        steps.append(structlog.processors.format_exc_info)
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[*steps, last])


def configure() -> None:
    """Send structlog's events through the standard library, so that one handler writes them all."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
