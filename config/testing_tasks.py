"""The product's Celery with tasks that misbehave, for tests that start a worker: `celery -A config.testing_tasks worker`."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded

from config.celery import app

LOG = Path(os.environ.get("TESTING_TASKS_LOG", os.devnull))
#: Of a worker that died whole: in the product ten minutes.
app.conf.broker_transport_options = app.conf.broker_transport_options | {"visibility_timeout": 3}


def _note(word):
    with LOG.open("a") as log:
        log.write(f"{word} {os.getpid()} {os.getppid()}\n")


@app.task(name="testing.pause", public=True)
def pause():
    """The first run waits to be killed; the next ones do not."""
    again = LOG.exists() and "begun" in LOG.read_text()
    _note("begun")
    if not again:
        time.sleep(120)
    _note("done")


@app.task(name="testing.deadly", public=True)
def deadly():
    _note("begun")
    os.kill(os.getpid(), signal.SIGKILL)


@app.task(name="testing.note", public=True)
def note():
    _note("noted")


@app.task(name="testing.of_a_salon")
def of_a_salon():
    _note("entered")


@app.task(name="testing.too_long", soft_time_limit=1, time_limit=20)
def too_long():
    time.sleep(120)


@app.task(name="testing.deaf", soft_time_limit=1, time_limit=3)
def deaf(*, endpoint_id=""):
    """It does not even listen to being told to stop."""
    while True:
        with suppress(SoftTimeLimitExceeded):
            time.sleep(120)
