"""When a name counts as the salon's, and what follows when it does not any more. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from onboarding.domains import names

#: A verified name that fails for so long is told about, and then not served any more.
WARN_AFTER = timedelta(days=3)
STOP_AFTER = timedelta(days=14)
#: A name that was added and never verified is looked at daily for so long.
LOOK_FOR = timedelta(days=30)
UNREACHABLE = "The name servers did not answer. We try again tomorrow, or press Check again."


@dataclass(frozen=True, slots=True)
class Found:
    """What the DNS said: the texts of the proof, the names the domain stands for, its addresses; and our own addresses."""

    texts: frozenset[str]
    names: frozenset[str]
    addresses: frozenset[str]
    ours: frozenset[str]


def problem(domain, token, found, *, platform):
    """What is wrong, as a sentence for the owner; "" where the name is the salon's and leads to us."""
    if token not in found.texts:
        return f"The TXT record {names.proof_of(domain)} does not hold your token yet."
    if not leads_to_us(found, platform=platform):
        return f"{names.shown(domain)} does not lead to us yet."
    return ""


def leads_to_us(found, *, platform):
    """By name, or with every address it has."""
    by_name = any(f".{name}".endswith(f".{platform}") for name in found.names)
    return by_name or bool(found.addresses and found.addresses <= found.ours)


def is_to_warn(row, now):
    return bool(row.failing_since and row.warned_at is None and now - row.failing_since >= WARN_AFTER)


def is_to_stop(row, now):
    return bool(row.failing_since and now - row.failing_since >= STOP_AFTER)
