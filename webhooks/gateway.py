"""The only module that speaks to a salon's endpoint. Where that may be, `tenants.outside` judges."""

from dataclasses import dataclass

from tenants.outside import Refused, Target, Unreachable, addresses_of, calling, may_call, target_of

__all__ = ["Answer", "Refused", "Target", "Unreachable", "addresses_of", "may_call", "post", "target_of"]

TIMEOUT_SECONDS = 10.0
MAX_BODY = 64 * 1024
KEPT = 500


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    text: str


def post(url, *, body, headers):
    """Send it, and what was answered, whatever that is. Raises Refused, Unreachable."""
    if len(body) > MAX_BODY:
        raise Refused("The event is larger than 64 KB.")
    with calling(url, seconds=TIMEOUT_SECONDS) as call:
        code, _, answer = call.ask("POST", body, headers, most=4 * KEPT)
    return Answer(code, answer.decode("utf-8", "replace").replace("\x00", "")[:KEPT])
