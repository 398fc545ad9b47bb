"""The visit so far, beside the times: its services, what they come to, and what else could be added."""

from dataclasses import dataclass

from bookings import words
from bookings.basket import MOST_SERVICES
from bookings.views import shown
from bookings.views.draft import FULL, stages_of
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    length: str
    price: Money
    varies: bool
    person: str
    remove_url: str = ""
    earlier_url: str = ""


@dataclass(frozen=True, slots=True)
class Addable:
    id: str
    name: str
    length: str
    price: Money
    varies: bool
    url: str


@dataclass(frozen=True, slots=True)
class AddablePart:
    name: str
    services: list


@dataclass(frozen=True, slots=True)
class Panel:
    rows: list
    length: str
    price: Money
    varies: bool
    notes: list
    addable: list

    @property
    def several(self):
        return len(self.rows) > 1

    @property
    def title(self):
        others = len(self.rows) - 1
        return f"{self.rows[0].name} and {others} more" if others else self.rows[0].name

    @property
    def spoken(self):
        """What a screen reader hears after the visit itself has changed."""
        what = words.count(len(self.rows), "service", "services")
        return f"Your visit: {what}, {self.length}, {'from ' if self.varies else ''}{self.price}."


def panel(*, draft, catalogue):
    least, most = draft.cents
    return Panel(
        rows=[_row(draft, position) for position in range(len(draft.services))],
        length=words.lengths(*draft.minutes),
        price=draft.business.money(least),
        varies=least != most,
        notes=_notes(draft, varies=least != most),
        addable=_addable(draft, catalogue),
    )


def _row(draft, position):
    likely = draft.likely(position)
    cents = [member.price_cents for member in likely]
    minutes = [member.duration_min for member in likely]
    person = draft.person(position)
    several = len(draft.services) > 1
    return Row(
        name=draft.services[position].name,
        length=words.lengths(min(minutes), max(minutes)),
        price=draft.business.money(min(cents) * draft.party),
        varies=min(cents) != max(cents),
        person=person.name if person else "anyone available",
        remove_url=draft.here.without(position).url() if several else "",
        earlier_url=draft.here.earlier(position).url() if several and position else "",
    )


def _notes(draft, *, varies):
    wait = draft.business.max_wait_min
    notes = []
    if varies:
        notes.append("The price depends on the person; you see it before you confirm.")
    if deposit := _deposit(draft):
        notes.append(f"Deposit: {deposit}, secured by your card, not charged today.")
    if wait and len(stages_of(draft.basket)) > 1:
        notes.append(f"You may wait up to {words.length(wait)} between two services.")
    if len(draft.services) == MOST_SERVICES:
        notes.append(FULL)
    return notes


def _deposit(draft):
    parts = [
        (service, min(member.price_cents for member in draft.likely(position)))
        for position, service in enumerate(draft.services)
    ]
    return shown.deposit_note(draft.business, parts=parts, guests=draft.party)


def _addable(draft, catalogue):
    """The other services as many guests can book, in the salon's order. A class is booked on its own."""
    if len(draft.services) == MOST_SERVICES or draft.services[0].shared_session:
        return []
    chosen = {service.pk for service in draft.services}
    parts = [
        AddablePart(
            part.name or "More",
            [
                _addition(draft, service)
                for service in part.services
                if service.pk not in chosen and not service.shared_session and service.largest_party >= draft.party
            ],
        )
        for part in catalogue
    ]
    return [part for part in parts if part.services]


def _addition(draft, service):
    return Addable(
        id=str(service.pk),
        name=service.name,
        length=words.lengths(service.from_min, service.to_min),
        price=service.price_from,
        varies=service.price_varies,
        url=draft.here.and_also(service.pk).url(),
    )
