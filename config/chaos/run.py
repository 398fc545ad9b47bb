"""One run: presses under faults and kills, then rest, then the comparison."""

import time
from contextlib import nullcontext

from config.bench.results import Result
from config.chaos import judging, killing, presses, world, wrong

KINDS = ["lost_answer", "500", "429", "500_after"]
#: What money is moved by; reading is struck as well.
PATHS = "/v1/(payment_intents|refunds)"


def run(*, count, kills, rate, seed, control=False):
    """Yield the results. With `control` the driver is the wrong one: the comparison has to find differences."""
    settings_module = "config.chaos.wrong_settings" if control else "config.settings"
    with world.standing(visits=max(count * 2 // 5, 20), settings_module=settings_module) as there:
        groups = presses.plan(there.salons, presses=count, seed=seed)
        killer = killing.Killer(there, kills=kills, presses=count, seed=seed)
        there.control("/chaos", rate=rate, kinds=KINDS, seed=seed, path_regex=PATHS)
        began = time.monotonic()
        pressed = presses.press_all(there, groups, on_press=killer.pressed)
        took = time.monotonic() - began
        struck = sum(there.look("/chaos")["struck"].values())
        with wrong.installed() if control else nullcontext():
            rounds = judging.settle(there)
        yield Result("presses", len(pressed), "presses")
        yield Result("processes killed", killer.killed, "processes", at_least=None if control else kills)
        yield Result("calls to Stripe that went wrong", struck, "calls")
        yield Result("pressing took", took, "s")
        yield Result("sweeps until nothing was open", rounds, "sweeps")
        yield from judging.results(there, pressed)
        yield Result("all of it took", time.monotonic() - began, "s", at_most=None if control else 300)
