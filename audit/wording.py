"""The trail as people read it: acts, and what changed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import formats, timezone
from django.utils.text import capfirst

from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Change:
    """One field. `before` and `after` are None where the entry says nothing about that side."""

    name: str
    before: str | None
    after: str | None

    @property
    def text(self):
        if self.after is None:
            return f"{self.before} (removed)"
        return self.after if self.before is None else f"{self.before} → {self.after}"


def words(action):
    """`booking.checked_in` as “Booking checked in”."""
    return capfirst(action.replace(".", " ").replace("_", " "))


def changes_of(entry):
    """Every field an entry names, in its order, but for what stayed as it was."""
    currency = entry.after.get("currency_code") or connection.tenant.currency_code
    names = [name for name in dict.fromkeys([*entry.before, *entry.after]) if name != "currency_code"]
    return [
        Change(called(name), _side(entry.before, name, currency), _side(entry.after, name, currency))
        for name in names
        if name not in entry.before or name not in entry.after or entry.before[name] != entry.after[name]
    ]


def called(name):
    """`start_at` as “start”, `price_cents` as “price”."""
    return name.removesuffix("_cents").removesuffix("_at").replace("_", " ")


def _side(values, name, currency):
    return _shown(values[name], name, currency) if name in values else None


def _shown(value, name="", currency=""):
    """A value of the trail as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_cents") and isinstance(value, int):
        return str(Money(value, currency))
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_shown(inner, key, currency)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value) or "nothing"
    if name == "status":
        return str(value).replace("_", " ")
    if isinstance(value, str) and (instant := _instant(value)):
        return formats.date_format(timezone.localtime(instant), "j M Y, H:i")
    return "nothing" if value in (None, "") else str(value)[:200]


def _instant(text):
    """The instant a value of the trail is, None for any other text and for times without a zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
