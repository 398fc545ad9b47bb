"""What a visitor may choose besides the time: with whom, how many, one after another or together."""

from dataclasses import dataclass

from bookings import words
from bookings.views import shown
from bookings.views.asked import ANYONE


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    url: str
    chosen: bool
    note: str = ""
    initials: str = ""
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One service of several and who may do it; `fixed` where only one person does."""

    id: str
    service: str
    fixed: str
    options: list


def choosing(draft, picker):
    """What the page of choices prints, for a new visit and for a move alike."""
    return {
        "draft": draft,
        "picker": picker,
        "people": people(draft),
        "questions": questions(draft),
        "parties": parties(draft),
        "orders": orders(draft),
    }


def people(draft):
    """One person for everything, anyone first; nothing where there is nobody to choose from.

    Where a service is booked with somebody in particular, there is no "anyone". What runs at the same time and moves
    is nobody's alone.
    """
    if not draft.people_differ:
        return []
    alone = [] if draft.path and draft.together else draft.everything
    choices = [_person(draft, member) for member in alone]
    if any(service.requires_team_member_selection for service in draft.services):
        return choices
    anyone = not draft.asked.member and not draft.asked.people
    note = "the same people if they can" if draft.path else ""
    return [Choice("Anyone available", draft.url(member=None, people=(), day=draft.day), anyone, note), *choices]


def _person(draft, member):
    seen = shown.person(member)
    return Choice(
        seen.name,
        draft.url(member=member.pk, people=(), day=draft.day),
        member.pk == draft.asked.member,
        _differences(draft, member, draft.everything) or seen.title,
        seen.initials,
        seen.image_url,
    )


def questions(draft):
    """A question for each of several services, where any of them leaves a choice."""
    if len(draft.services) < 2 or not draft.people_differ:
        return []
    return [_question(draft, position) for position in range(len(draft.services))]


def _question(draft, position):
    service, team = draft.services[position], draft.teams[position]
    person = draft.person(position)
    options = [
        Option(
            str(member.pk), " · ".join(filter(None, [member.name, _differences(draft, member, team)])), member == person
        )
        for member in team
    ]
    if len(team) > 1:
        anyone = "Please choose" if service.requires_team_member_selection else "Anyone available"
        options = [Option(ANYONE, anyone, person is None), *options]
    return Question(f"with-{position + 1}", service.name, team[0].name if len(team) == 1 else "", options)


def _differences(draft, one, all_of_them):
    """Price and length of one person, where they differ from a colleague's; a visit that moves keeps its price."""
    lengths = len({other.duration_min for other in all_of_them}) > 1
    prices = not draft.path and len({other.price_cents for other in all_of_them}) > 1
    return " · ".join(
        filter(
            None,
            [
                str(draft.business.money(one.price_cents)) if prices else "",
                words.length(one.duration_min) if lengths else "",
            ],
        )
    )


def parties(draft):
    """How many people come, where all services can be booked for several."""
    most = min(service.largest_party for service in draft.services)
    if draft.path or most < 2:
        return []
    return [
        Choice(str(number), draft.url(party=number, day=draft.day), number == draft.party)
        for number in range(1, most + 1)
    ]


def orders(draft):
    """One after another or together, where neighbouring services allow it."""
    if draft.path or not draft.can_run_together:
        return []
    return [
        Choice(name, draft.url(together=together, day=draft.day), together == draft.together)
        for name, together in (("One after another", False), ("At the same time where possible", True))
    ]
