"""What a list of customers is asked for: one address for every way of looking."""

import re
from dataclasses import dataclass

from bookings import queries
from bookings.queries.customers import LAPSED_DAYS
from payments import queries as money

#: value → what it is called. Any number of days does after `lapsed-`.
KINDS = {
    "": "Everybody",
    "new": "New in 30 days",
    "lapsed-60": "Not here for 60 days",
    "lapsed-90": "Not here for 90 days",
    "lapsed-180": "Not here for half a year",
    "lapsed-365": "Not here for a year",
    "no_shows": "With a no-show",
    "news": "Want news",
}
SORTS = {"name": "Name", "last": "Last visit", "newest": "Newest", "no_shows": "Most no-shows"}
BY_MONEY = {"spent": "Most paid by card"}
MOST_TEXT, MOST_DAYS = 100, 3650


@dataclass(frozen=True, slots=True)
class Wanted:
    """`kind` is one of KINDS, `sort` one of SORTS (or BY_MONEY); what the address says otherwise counts as unsaid."""

    q: str = ""
    kind: str = ""
    sort: str = "name"

    @classmethod
    def of(cls, query, *, sorts):
        kind, sort = query.get("show", ""), query.get("sort", "name")
        return cls(
            q=" ".join(query.get("q", "").replace("\0", "").split())[:MOST_TEXT],
            kind=kind if kind in KINDS or _days(kind) else "",
            sort=sort if sort in sorts else "name",
        )

    @property
    def is_narrow(self):
        return bool(self.q or self.kind)

    def fields(self):
        """What differs from the plain list, as an address says it."""
        said = {"q": self.q, "show": self.kind, "sort": "" if self.sort == "name" else self.sort}
        return {name: value for name, value in said.items() if value}

    def rows(self, *, now):
        """The customers, sorted."""
        days = _days(self.kind)
        kind = "lapsed" if days else self.kind
        found = queries.of_kind(queries.customers(), kind, now=now, days=days or LAPSED_DAYS)
        found = queries.searched(found, self.q)
        return money.by_spent(found) if self.sort in BY_MONEY else queries.in_order(found, self.sort)


def _days(kind):
    """How long the lapsed have not been here; None for any other kind."""
    found = re.fullmatch(r"lapsed-([1-9]\d{0,3})", kind, re.ASCII)
    return int(found[1]) if found and int(found[1]) <= MOST_DAYS else None
