"""How logs look: one JSON line an event in production, plain lines for people in the demo."""

import logging

import structlog
from structlog.typing import Processor

SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


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
