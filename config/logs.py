"""One structured log line per event, with request id and salon; JSON in production.

Logs are read by more people, and kept longer, than what they tell of: no line holds what people type into a search, nor
a link that opens something.
"""

import re

import structlog

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
#: A part of an address too long for a word and no row's id: a signed link, a key.
LINK = re.compile(rf"(?<=/)(?!{UUID}(?![\w.:=~-]))[\w.:=~-]{{22,}}")
QUERY = re.compile(r"(?<=[\w/])\?\S*")
#: Where addresses stand: in requests' own lines, and in the text of Django's ("Not Found: /…").
WITH_ADDRESSES = ("request", "event")


def without_links(logger, name, line):
    """Shorten addresses to what says where somebody was."""
    for key in WITH_ADDRESSES:
        if isinstance(line.get(key), str) and "/" in line[key]:
            line[key] = LINK.sub("…", QUERY.sub("?…", line[key]))
    return line


SHARED_PROCESSORS = [
    structlog.contextvars.merge_contextvars,
    without_links,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def logging_config(*, json):
    """Configure structlog and return Django's LOGGING dictionary."""
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": SHARED_PROCESSORS,
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "tithi": {"level": "INFO"},
            "django_structlog": {"level": "INFO" if json else "WARNING"},
        },
    }
