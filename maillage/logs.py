"""Logs: one JSON object a line on the error output, with ids and codes, never what people write.

Values that come from elsewhere are escaped, so nobody can forge a line or steer a terminal.
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

CHARACTERS_MAX = 300
# Beyond what JSON escapes itself: DEL, the controls above ASCII, and Unicode's ends of lines.
_CONTROLS = re.compile(r"[\x7f-\x9f\u2028\u2029]")
# What could hold a text, a password or a token is not logged under any of these names.
FORBIDDEN = frozenset({"authorization", "body", "content", "cookie", "password", "text", "token"})


def configure_logs(level: int = logging.INFO) -> None:
    """Send every log, those of libraries included, through the same form."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        bounded,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=one_line),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("asyncio", "tortoise", "aiohttp", "uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("uvicorn.access").disabled = True


def one_line(event: Any, **options: Any) -> str:
    """JSON in which nothing ends a line or speaks to a terminal: C1 controls are escaped, too."""
    text = json.dumps(event, ensure_ascii=False, **options)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def bounded(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop what must not be logged and cut what is long (but not the trace of a fault)."""
    for name in list(event):
        if name in FORBIDDEN:
            del event[name]
        elif name not in {"exception", "_record", "_from_structlog"}:
            value = event[name]
            if isinstance(value, str) and len(value) > CHARACTERS_MAX:
                event[name] = f"{value[:CHARACTERS_MAX]}…"
    return event
