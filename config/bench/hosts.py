"""What finding the salon and keeping to its schema cost a request."""

import json
import subprocess
import sys
from contextlib import contextmanager
from statistics import median

from django.utils import timezone

from config.bench import data, server
from config.bench.results import Result
from config.local import paths, processes

REQUESTS, QUICK_REQUESTS = 300, 50
ROUNDS = 15


def run(*, quick=False):
    """Yield the results: one view with one query, with tenancy and without, each in a process of its own."""
    salon = data.open_salon("hosts", now=timezone.now(), people=1, bookings=10)
    requests = QUICK_REQUESTS if quick else REQUESTS
    with (
        _process("config.bench.settings", salon) as tenancy,
        _process("config.bench.plain_settings", salon) as plain,
    ):
        taken = [(_time(tenancy, requests), _time(plain, requests)) for _ in range(ROUNDS + 1)][1:]
    for clock, aim in (("elapsed", 0.7), ("cpu", None)):
        with_it, without = (median(times[clock] for times in side) / requests for side in zip(*taken, strict=True))
        yield Result(f"hosts: requests a second with tenancy ÷ without, {clock}", without / with_it, "×", at_least=aim)
        yield Result(f"hosts: a request with tenancy, {clock}", with_it * 1000, "ms")


@contextmanager
def _process(settings_module, salon):
    env = server.environment(DJANGO_SETTINGS_MODULE=settings_module, TITHI_BENCH_SCHEMA=salon.business.schema_name)
    command = [sys.executable, "-W", "ignore", "-m", "config.bench.answering", salon.business.host, "/one-query"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = processes.launch(command, env=env, cwd=paths.ROOT, **pipes)
    with process:
        yield process
        process.stdin.close()


def _time(process, requests):
    process.stdin.write(f"{requests}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())
