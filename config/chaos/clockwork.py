"""The product's Celery on a clock that somebody else moves: `celery -A config.chaos.clockwork worker`.

CHAOS_CLOCK names a file with an instant and when it was set; from there time goes on. With CHAOS_WRONG the sender is
one that marks a message only after it has left: the judge has to find out.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from celery import signals
from django.utils import timezone

from config.celery import app

_file = None


def install(file):
    """From here on `timezone.now()` is what stands in the file."""
    global _file
    _file = Path(file)
    timezone.now = now


def now():
    instant, since = map(float, _file.read_text().split())
    return datetime.fromtimestamp(instant + time.time() - since, UTC)


def move(instant):
    """Set the clock, for every process that looks at it."""
    fresh = _file.with_suffix(".new")
    fresh.write_text(f"{instant.timestamp()} {time.time()}")
    fresh.replace(_file)


if "CHAOS_CLOCK" in os.environ:
    install(os.environ["CHAOS_CLOCK"])
    # How soon the messages of a worker that died whole come again; in the product after ten minutes. By itself kombu
    # looks for them every hundred seconds only.
    app.conf.broker_transport_options = app.conf.broker_transport_options | {
        "visibility_timeout": 5,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }


@signals.worker_process_init.connect
def spoil(**kwargs):
    if os.environ.get("CHAOS_WRONG"):
        from config.chaos import wrong_mail  # models: Django is set up by now

        wrong_mail.install()
