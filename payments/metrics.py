"""What the nightly comparison with Stripe found, for Prometheus.

Workers count, the web's processes are asked: the counts stand in the shared cache. Emptied, they begin again at 0, which
Prometheus takes for a restart.
"""

import structlog
from django.core.cache import cache
from django_tenants.utils import schema_context
from prometheus_client.core import REGISTRY, CounterMetricFamily
from redis import RedisError

logger = structlog.get_logger("tithi.payments")

#: Kinds of difference between the ledger and Stripe; `unanswered` where Stripe could not be asked.
KINDS = (
    "capture_differs",
    "capture_missing",
    "capture_unknown",
    "dispute_missing",
    "dispute_unknown",
    "live_twice",
    "payment_differs",
    "refund_differs",
    "refund_failed",
    "refund_missing",
    "refund_unknown",
    "unanswered",
    "unfinished",
)


def count_comparison(*, kinds):
    """One salon was compared with Stripe, and these kinds of difference were found (one entry for each difference)."""
    try:
        with schema_context("public"):
            for key in (_key("comparisons"), *map(_key, kinds)):
                cache.add(key, 0, timeout=None)
                cache.incr(key)
    except RedisError as exc:  # the log has them
        logger.warning("ledger_differences_not_counted", error=str(exc))


class LedgerCollector:
    """`tithi_ledger_differences_total{kind=…}`, and how many salons were compared at all: no difference in none is no news."""

    def describe(self):
        return [*_families()]

    def collect(self):
        differences, comparisons = _families()
        try:
            with schema_context("public"):
                counts = cache.get_many([_key("comparisons"), *map(_key, KINDS)])
        except RedisError:  # nothing is known now; the other figures of the page are
            return []
        for kind in KINDS:
            differences.add_metric([kind], counts.get(_key(kind), 0))
        comparisons.add_metric([], counts.get(_key("comparisons"), 0))
        return [differences, comparisons]


def register():
    REGISTRY.register(LedgerCollector())


def _families():
    return (
        CounterMetricFamily("tithi_ledger_differences", "Differences between the ledger and Stripe.", labels=["kind"]),
        CounterMetricFamily("tithi_ledger_comparisons", "Salons whose ledger was compared with Stripe."),
    )


def _key(name):
    return f"ledger:{name}"
