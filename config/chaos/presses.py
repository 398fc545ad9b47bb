"""What is pressed: a mix of the buttons, some of them twice at once, by clients that ask again when nobody answers."""

import http.client
import json
import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

CLIENTS = 8
#: How often a client asks again with the same key before it gives up; it waits a little longer each time.
TRIES = 12
MIX = ("complete", "complete", "complete", "complete", "no-show", "cancel")
#: One closing press in so many is followed by a refund, by a second press with the same key, by one with another key.
REFUNDED, DOUBLED, CONTESTED = 5, 6, 8
ENDED = {"complete": "completed", "no-show": "no_show", "cancel": "canceled"}


@dataclass
class Press:
    """One press and the last answer to it; `status` 0 where nobody ever answered."""

    salon: object
    booking: str
    button: str
    body: dict
    status: int = 0
    answer: dict = field(default_factory=dict)

    @property
    def acknowledged(self):
        """Whether the product said that the button counts: the visit is in that state from then on."""
        return self.status in (200, 202, 402) and "booking_status" in self.answer


def plan(salons, *, presses, seed):
    """About `presses` presses in an order that seed draws: groups of those that belong to one visit."""
    lots = random.Random(seed)  # noqa: S311 -- the same presses every time, no secret
    pools = [list(salon.bookings) for salon in salons]
    groups, count = [], 0
    while count < presses and any(pools):
        place = len(groups) % len(pools)
        if not pools[place]:
            break
        group = _group(salons[place], pools[place].pop(), lots)
        groups.append(group)
        count += sum(len(stage) for stage in group)
    return groups


def _group(salon, booking, lots):
    """The presses of one visit: stages one after the other, the presses of a stage at once."""
    button = lots.choice(MIX)
    body = {"idempotency_key": _key(lots)}
    if button == "complete" and lots.random() < 0.3:
        body["tip_cents"] = lots.randrange(100, 2_000)
    closing = [Press(salon, booking, button, body)]
    if not lots.randrange(DOUBLED):
        closing.append(Press(salon, booking, button, body))
    if not lots.randrange(CONTESTED):
        closing.append(Press(salon, booking, lots.choice(MIX), {"idempotency_key": _key(lots)}))
    stages = [closing]
    if not lots.randrange(REFUNDED):
        part = {"amount_cents": lots.randrange(100, 2_000), "refund_type": "partial"} if lots.random() < 0.5 else {}
        stages.append([Press(salon, booking, "refund", {"idempotency_key": _key(lots)} | part)])
    return stages


def _key(lots):
    return str(uuid.UUID(int=lots.getrandbits(128), version=4))


def press_all(world, groups, *, on_press=lambda: None):
    """Press everything; visits side by side, the presses of one stage at once. Returns every Press with its answer."""
    with ThreadPoolExecutor(CLIENTS) as visits, ThreadPoolExecutor(CLIENTS * 3) as hands:

        def work(group):
            for stage in group:
                list(hands.map(lambda each: _press(world, each), stage))
                for _ in stage:
                    on_press()

        list(visits.map(work, groups))
    return [each for group in groups for stage in group for each in stage]


def _press(world, press):
    """Ask until somebody answers for good: a server that hangs up, is not there or says 5xx is asked again."""
    for attempt in range(TRIES):
        try:
            press.status, press.answer = _ask(world, press)
        except (OSError, http.client.HTTPException):
            press.status, press.answer = 0, {}
        if press.status and press.status < 500:
            return
        time.sleep(min(0.2 * 2**attempt, 3))


def _ask(world, press):
    connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=60)
    try:
        connection.request(
            "POST",
            f"/api/v1/admin/bookings/{press.booking}/{press.button}",
            body=json.dumps(press.body),
            headers={
                "Host": f"{press.salon.business.host}:{world.port}",
                "Content-Type": "application/json",
                "Authorization": f"Bearer {press.salon.token}",
            },
        )
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, {}
