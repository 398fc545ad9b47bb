"""Pages that Stripe hosts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostedPage:
    id: str
    url: str
