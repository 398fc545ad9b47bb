"""Reasons as staff read them: a sentence, and a link to what causes it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bookings import availability, queries, services, words
from bookings.models import Booking, GroupSession, Status

CLASS = "class"
BLOCKED = (availability.Code.BLOCK, availability.Code.BUFFER)
TAKEN = (availability.Code.BUSY, availability.Code.BUFFER)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence; `url` leads to the cause, `label` names it."""

    text: str
    url: str = ""
    label: str = ""


class Told:
    """An `Explanation` of `start`, ready to print: `general` lines, then `services` as (name, [(person, lines)]).

    Codes in `override` are set aside. `url_of(what, id)` is where a visit, class, person or resource is found; "" where
    the reader's pages have none. At most two queries, however many reasons.
    """

    def __init__(self, explanation, *, start, url_of, override=frozenset()):
        people = [
            (person, [why for why in person.reasons if why.code not in override]) for person in explanation.people
        ]
        own = {_key(why) for _, reasons in people for why in reasons}
        of_visit = [_whose(why) for why in explanation.reasons if why.code not in override and _key(why) not in own]
        everybodys = [*of_visit, *_shared([reasons for _, reasons in people])]
        said = {(why.code, why.text) for why in everybodys}
        mine = [(person, [why for why in reasons if (why.code, why.text) not in said]) for person, reasons in people]
        self._links = Links([*everybodys, *(why for _, reasons in mine for why in reasons)], start, url_of)
        self.general = self._lines(everybodys)
        self.services = []
        for person, reasons in mine:
            name, member = str(person.service), str(person.team_member)
            if not self.services or self.services[-1][0] != name or member in dict(self.services[-1][1]):
                self.services.append((name, []))  # the next service of the visit, the same one again included
            self.services[-1][1].append((member, self._lines(reasons)))

    def __bool__(self):
        return bool(self.general or any(lines for _, people in self.services for _, lines in people))

    def _lines(self, reasons):
        return list(dict.fromkeys(self._links.line(why) for why in reasons))


def _key(why):
    """The same reason, said of the visit or of the person alone; only the words differ."""
    return why.code, why.ref, why.team_member and why.team_member.pk, why.service and why.service.pk


def _whose(why):
    """The reason with whom and what it is about: `Colour with Bea: There is a break.`"""
    about = " with ".join(str(each) for each in (why.service, why.team_member) if each)
    return replace(why, text=f"{about}: {why.text}") if about else why


def _shared(lists):
    """Reasons everybody has, without a cause of their own: said once instead of for each person."""
    if len(lists) < 2:
        return []
    common = set.intersection(*({(why.code, why.text) for why in reasons if not why.ref} for reasons in lists))
    return [why for why in lists[0] if (why.code, why.text) in common]


class Links:
    """Where the causes of some reasons are found. A reason's `ref` is a booking's number, "class", or a block's words."""

    def __init__(self, reasons, start, url_of):
        self._url_of = url_of
        refs = {why.ref for why in reasons if why.ref}
        rows = Booking.objects.filter(ref__in=refs).values_list("ref", "pk", "status") if refs else ()
        self._bookings = {ref: (pk, status) for ref, pk, status in rows}
        teachers = {why.team_member.pk for why in reasons if why.ref == CLASS and why.code in TAKEN and why.team_member}
        self._sessions = _nearest_sessions(teachers, start) if teachers else {}

    def line(self, why):
        if why.ref in self._bookings:
            return self._booking(why)
        member = why.team_member and why.team_member.pk
        if why.ref == CLASS and why.code in TAKEN and member in self._sessions:
            return Line(why.text, self._url_of("class", self._sessions[member]), CLASS)
        if why.code in BLOCKED and why.ref and member:
            return Line(why.text, self._url_of("person", member), why.ref)
        if why.code == availability.Code.RESOURCE and why.ref and why.ref != CLASS:
            return Line(why.text, self._url_of("resource", None), why.ref)
        return Line(why.text, label=why.ref or "")

    def _booking(self, why):
        pk, status = self._bookings[why.ref]
        if status == Status.HOLD:
            return Line(f"{why.text} Somebody is booking it online right now.")
        return Line(why.text, self._url_of("visit", pk), why.ref)


def _nearest_sessions(teachers, start):
    """{person id: id of their session nearest to `start`}: the one that is in the way."""
    near = GroupSession.objects.filter(
        team_member__in=teachers, start_at__gt=start - A_DAY, start_at__lt=start + A_DAY
    ).values_list("team_member", "pk", "start_at")
    furthest_first = sorted(near, key=lambda row: abs(row[2] - start), reverse=True)
    return {member: pk for member, pk, _ in furthest_first}


def refusal(form, exc, *, business, basket, now, url_of, without=None):
    """Put a refusal on its form, and return what is shown below it: every reason, and free times to pick instead."""
    if not isinstance(exc, services.SlotTaken | services.RuleBroken):
        form.add_error(None, str(exc))
        return {}
    asked = {"business": business, "basket": basket, "now": now, "without": without}
    start, zone = form.cleaned_data["start"], business.zone
    explanation = queries.explain(**asked, start=start)
    why = Told(explanation, start=start, url_of=url_of, override=form.overridden())
    ruled_out = isinstance(exc, services.RuleBroken) and why
    when = words.when(start.astimezone(zone))
    form.add_error(None, f"{when} cannot be booked." if ruled_out else str(exc))
    slots = queries.alternatives(**asked, start=start)
    return {"why": why, "offers": [(slot.start, words.when(slot.start_at.astimezone(zone))) for slot in slots]}
