"""How free times, and reasons against a time, are written in JSON. Prices are the whole party's."""

from bookings.api.shapes import iso


def day_shown(day, basket, seats):
    """One local date of the calendar. `seats` are a class's empty seats by start and person."""
    if len(basket.wanted) > 1:
        slots = [visit_shown(slot, basket) for slot in day.slots]
    elif basket.first.shared_session:
        slots = [slot_shown(slot, basket) | {"seats_left": _most_left(slot, basket, seats)} for slot in day.slots]
    else:
        slots = [slot_shown(slot, basket) for slot in day.slots]
    return {
        "date": day.date.isoformat(),
        "slots": [said | _praise(slot) for said, slot in zip(slots, day.slots, strict=True)],
    }


def _praise(slot):
    """Nothing where the salon has no preference."""
    return {} if slot.fits is None else {"fits_well": slot.fits}


def _most_left(slot, basket, seats):
    """How many guests one booking can bring: to the session that stands, or to one that it would open.

    The party that asked fits in: a hold that has just run out may still sit on its seats.
    """
    free = (seats.get((slot.start_at, option.person_id), basket.first.seats) for option in slot.options)
    return max(basket.party_size, *free)


def slot_shown(slot, basket):
    """One service: everybody who can take it. `end` is the earliest one; each person's own length stands beside the name."""
    return {
        "start": iso(slot.start_at),
        "end": iso(min(option.end_at for option in slot.options)),
        "local_label": slot.label,
        "team_members": [
            {
                "id": str(option.person_id),
                "name": option.name,
                "price_cents": option.price_cents * basket.party_size,
                "duration_min": option.duration_min,
            }
            for option in slot.options
        ],
    }


def visit_shown(slot, basket):
    """Several services: each with its person and time, and what each person does and costs in all."""
    return {"local_label": slot.label} | _plan_shown(slot.plan, basket)


def group_shown(slot, names, baskets):
    """A start at which several people can come: the visit of each, in order."""
    guests = [
        {"name": name} | _plan_shown(plan, basket)
        for name, plan, basket in zip(names, slot.plans, baskets, strict=True)
    ]
    return {
        "start": iso(slot.start_at),
        "end": iso(slot.end_at),
        "local_label": slot.label,
        "guests": guests,
        "price_cents": sum(guest["price_cents"] for guest in guests),
    }


def _plan_shown(plan, basket):
    return {
        "start": iso(min(part.start_at for part in plan.parts)),
        "end": iso(max(part.end_at for part in plan.parts)),
        "team_members": _people(plan, basket.party_size),
        "services": [_part(part, basket) for part in plan.parts],
        "price_cents": plan.price_cents * basket.party_size,
    }


def _people(plan, party_size):
    """The plan's people, each once, in the order they come in."""
    people = {}
    for part in plan.parts:
        person = people.setdefault(
            part.person_id, {"id": str(part.person_id), "name": part.name, "price_cents": 0, "duration_min": 0}
        )
        person["price_cents"] += part.price_cents * party_size
        person["duration_min"] += part.duration_min
    return list(people.values())


def _part(part, basket):
    service = basket.services[part.segment]
    return {
        "service_id": str(service.pk),
        "team_member_id": str(part.person_id),
        "name": service.name,
        "start": iso(part.start_at),
        "end": iso(part.end_at),
        "price_cents": part.price_cents * basket.party_size,
        "duration_min": part.duration_min,
    }


def explanation(found):
    """`reasons` is empty exactly when the start is offered; `people` says for each one who might do a service, why not."""
    return {
        "bookable": found.bookable,
        "reasons": [_about(why.service, why.team_member) | _reason(why) for why in found.reasons],
        "people": [
            _about(person.service, person.team_member)
            | {"bookable": not person.reasons, "reasons": [_reason(why) for why in person.reasons]}
            for person in found.people
        ],
    }


def _about(service, member):
    return {
        "service_id": str(service.pk) if service else None,
        "team_member_id": str(member.pk) if member else None,
        "team_member": member.name if member else None,
    }


def _reason(why):
    """`ref` is the booking or block that stands in the way: for staff alone, as is the whole explanation."""
    return {"code": why.code, "text": why.text, "ref": why.ref}
