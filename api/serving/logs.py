"""Logs as JSON lines on stderr. Every line that belongs to a request has its id; none a person."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.kit.request_ids import CURRENT_REQUEST


def install_logs(stream: TextIO = sys.stderr, *, level: int = logging.INFO) -> None:
    """Send the lines of every logger of the process through one form."""
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(chatty).handlers = []
        logging.getLogger(chatty).propagate = True
    # Clients log the whole address that they ask, names in it and all.
    for client in ("httpx", "httpx2", "httpcore"):
        logging.getLogger(client).setLevel(logging.WARNING)
    # Ours says the same without addresses and without the names in paths.
    logging.getLogger("uvicorn.access").disabled = True


def _add_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if current := CURRENT_REQUEST.get():
        event.setdefault("request_id", current)
    return event
