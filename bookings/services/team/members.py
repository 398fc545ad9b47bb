"""Who works here and what they perform."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from bookings.models import TeamMember
from bookings.services import performing, records
from tenants.models import Membership, hex_color

#: The columns that are set here; pictures are the admin's.
MEMBER = (
    "first_name",
    "last_name",
    "display_name",
    "email",
    "phone",
    "user_id",
    "role",
    "title",
    "bio",
    "specialties",
    "color",
    "is_active",
    "max_concurrent_bookings",
    "buffer_time_minutes",
    "sort_order",
)
MOST_MEMBERS = 200
MOST_SPECIALTIES, LONGEST_SPECIALTY = 30, 60


@transaction.atomic
def create_member(*, fields, services=None, by, now):
    """A new person (`fields`: some of MEMBER) who performs `services`; nothing yet where that is None.

    Each of them is {"service": Service, "price_cents": int | None, "duration_min": int | None}, the latter two where they
    differ from the service's own. Raises records.Refused, records.NoRoom.
    """
    salon = records.lock()
    records.check_room(TeamMember.objects, MOST_MEMBERS, "people")
    member = TeamMember()
    records.put(member, fields, MEMBER)
    _check(member, salon)
    assignments = performing.of_person(member, services or ())
    member.save()
    performing.write(member, assignments)
    values = {name: getattr(member, name) for name in fields}
    records.note_added(member, by=by, now=now, **values, services=performing.shown(member, salon.money))
    return member


@transaction.atomic
def change_member(*, member, fields, services=None, by, now):
    """The person with some of MEMBER changed, performing exactly `services`; what it was where that is None.

    Raises records.Refused, records.Gone; nothing is written then. Visits that lose their person stay.
    """
    salon = records.lock()
    member = records.fresh(member)
    performed = performing.shown(member, salon.money)
    changed = records.put(member, fields, MEMBER)
    # Whoever's login has left the salon goes on being on its team, and leaves it like anybody else.
    _check(member, salon, login="user_id" in changed)
    if services is not None:
        performing.write(member, performing.of_person(member, services))
        changed |= records.difference("services", performed, performing.shown(member, salon.money))
    if changed:
        member.save(update_fields=[name for name in changed if name in MEMBER])
        records.note_changed(member, changed, by=by, now=now)
    return member


@transaction.atomic
def remove_member(*, member, by, now):
    """Take the person off the team; returns whether the row is gone. Raises records.Gone.

    Whoever has visits, past ones too, is kept and switched off.
    """
    records.lock()
    member = records.fresh(member)
    if records.delete(member):
        records.note_deleted(member, by=by, now=now)
        return True
    if changed := records.put(member, {"is_active": False}, MEMBER):
        member.save(update_fields=["is_active"])
        records.note_changed(member, changed, by=by, now=now)
    return False


def _check(member, salon, *, login=True):
    rules = [partial(_login, salon=salon)] if login else []
    records.check(member, _color, _specialties, *rules)


def _color(member):
    try:
        hex_color(member.color)
    except ValidationError as exc:
        return {"color": exc.message}
    return {}


def _specialties(member):
    found = member.specialties
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        return {"specialties": "Write them as a list of words."}
    if len(found) > MOST_SPECIALTIES or any(len(each) > LONGEST_SPECIALTY for each in found):
        return {"specialties": f"Write at most {MOST_SPECIALTIES}, each of at most {LONGEST_SPECIALTY} letters."}
    return {}


def _login(member, *, salon):
    """A login is one of this salon's, and one person's alone."""
    if member.user_id is None:
        return {}
    if not Membership.objects.filter(business=salon, user_id=member.user_id).exists():
        return {"user_id": "Nobody of this salon has this login."}
    if TeamMember.objects.filter(user_id=member.user_id).exclude(pk=member.pk).exists():
        return {"user_id": "Somebody else on the team has this login."}
    return {}
