"""The background in figures, for Prometheus: asked for when the page is."""

from django.utils import timezone
from django_tenants.utils import schema_context
from prometheus_client.core import REGISTRY, GaugeMetricFamily

from operators import background, runs

MESSAGES = {
    "due": "Messages of all salons that should have left by now.",
    "late": "Messages of all salons that should have left ten minutes ago.",
    "later": "Messages of all salons that are planned.",
    "given_up": "Messages of all salons that were given up within a week.",
}


class BackgroundCollector:
    """`tithi_messages{state=…}`, `tithi_failed_tasks`, `tithi_queue_length{queue=…}`, `tithi_sweep_overdue{sweep=…}`."""

    def describe(self):
        return [*_families()]

    def collect(self):
        messages, failed, queue, overdue = _families()
        now = timezone.now()
        with schema_context("public"):
            counted = background.messages(now=now)
            failed.add_metric([], background.open_failures().count())
            for name, length in (background.queues() or {}).items():
                queue.add_metric([name], length)
            for sweep in runs.sweeps(now=now):
                overdue.add_metric([sweep.name], sweep.overdue)
        for state in MESSAGES:
            messages.add_metric([state], counted[state])
        return [messages, failed, queue, overdue]


def register():
    REGISTRY.register(BackgroundCollector())


def _families():
    return (
        GaugeMetricFamily("tithi_messages", " ".join(MESSAGES.values()), labels=["state"]),
        GaugeMetricFamily("tithi_failed_tasks", "Failed tasks nobody has dealt with.", labels=[]),
        GaugeMetricFamily("tithi_queue_length", "Tasks that wait, and those in workers' hands.", labels=["queue"]),
        GaugeMetricFamily("tithi_sweep_overdue", "1 where a sweep of the clock should have run.", labels=["sweep"]),
    )
