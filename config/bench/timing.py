"""Clocks for a machine that others use too: always two things in turns, always medians, ratios rather than times."""

import gc
import time
from contextlib import contextmanager
from statistics import median, quantiles

from django.db import connection


def in_turns(rounds, *calls, clock=time.process_time):
    """The median time of each call in seconds; called A B A B, so that a slow minute meets all of them alike."""
    taken = [[] for _ in calls]
    for call in calls:
        call()
    gc.collect()
    for _ in range(rounds):
        for call, times in zip(calls, taken, strict=True):
            began = clock()
            call()
            times.append(clock() - began)
    return [median(times) for times in taken]


def percentile(values, share):
    """The value that `share` percent of `values` do not exceed."""
    return quantiles(values, n=100, method="inclusive")[share - 1]


@contextmanager
def counted():
    """A list that grows by one SQL text a statement sent to the database."""
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent
