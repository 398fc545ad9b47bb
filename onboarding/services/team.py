"""Step 4: who works here, and who is asked to sign in."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts import services as accounts
from bookings.models import Service, TeamMember
from bookings.models.team import TeamRole
from bookings.services import records, team
from onboarding.services.errors import NobodyToBook, RowsRefused
from onboarding.services.progress import finish_step, locked
from tenants.errors import DomainError

TWICE = "This person is on the list twice. Take one out, or write what tells them apart."


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list. `fields` are some of `team.MEMBER`; `member_id` says who it is, None for whoever is new.

    Somebody new performs every service there is, unless `performs_all` is taken back.
    """

    fields: dict
    member_id: UUID | None = None
    remove: bool = False
    performs_all: bool = True


@transaction.atomic
def save_team(*, progress, people, by, now):
    """Add, change and remove people in one go; returns the TeamMembers in the order of `people`, None for removed ones.

    Whoever is new and has the name and the address of somebody on the team is that person; the owner is whoever presses.
    Raises RowsRefused, NobodyToBook; then nothing is written. Call in the salon's schema.
    """
    locked(progress)  # before the salon's own row: opening it locks in this order, too
    records.lock()
    faults, members = {}, []
    for index, person in enumerate(people):
        try:
            members.append(_write(person, members, by, now))
        except (records.Refused, records.Gone, records.NoRoom) as exc:
            faults[index] = getattr(exc, "sentences", None) or {"": str(exc)}
            members.append(None)
    if faults:
        raise RowsRefused(faults)
    if not TeamMember.objects.filter(is_active=True).exists():
        raise NobodyToBook
    finish_step(progress=progress, number=4)
    return members


def invite_people(*, business, people, by, address, now):
    """Ask people to sign in: [(e-mail, role)]; returns e-mail → why it could not be sent. The others are on their way.

    Whoever was asked before and has not answered yet is not asked again.
    """
    unsent = {}
    for email, role in people:
        try:
            accounts.invite(business=business, email=email, role=role, by=by, address=address, now=now)
        except accounts.AlreadyInvited:
            pass
        except DomainError as exc:
            unsent[email] = str(exc)
    return unsent


def _write(person, others, by, now):
    told = {"by": by, "now": now}
    if person.remove:
        member = TeamMember.objects.filter(pk=person.member_id).first()
        if member:
            team.remove_member(member=member, **told)
        return None
    fields = dict(person.fields)
    if fields.get("role") == TeamRole.OWNER and person.member_id is None:
        fields["user_id"] = by.id
    member = _known(person, fields)
    if member is None:
        return team.create_member(fields=fields, services=_everything() if person.performs_all else None, **told)
    if member in others:
        records.refuse({"first_name": TWICE})
    return team.change_member(member=member, fields=fields, **told)


def _known(person, fields):
    """Who the line is about, None for somebody new. Raises Gone for somebody who was removed meanwhile."""
    if person.member_id:
        return records.fresh(TeamMember(pk=person.member_id))
    everybody = list(TeamMember.objects.all())
    own = [each for each in everybody if each.user_id and each.user_id == fields.get("user_id")]
    return next(iter(own or [each for each in everybody if _called(each) == _called(TeamMember(**fields))]), None)


def _called(member):
    return tuple(text.strip().casefold() for text in (member.first_name, member.last_name, member.email))


def _everything():
    return [{"service": service} for service in Service.objects.filter(deleted_at=None)]
