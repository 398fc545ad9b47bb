"""What customers can book: categories and services, made, changed and removed.

Visits already booked keep what was agreed, whatever becomes of their service.
"""

from functools import partial

from django.db import IntegrityError, transaction

from bookings import unbookable
from bookings.models import Service, ServiceCategory
from bookings.services import performing, records
from bookings.settings_rules import class_conflicts, deposit_conflicts, notice_conflicts
from tenants.errors import DomainError

#: The columns that are set here; pictures and rooms are the admin's.
CATEGORY = ("name", "description", "color", "sort_order")
SERVICE = (
    "category",
    "name",
    "description",
    "short_description",
    "duration_min",
    "price_cents",
    "deposit_type",
    "deposit_cents",
    "deposit_percent",
    "phases",
    "buffer_before_min",
    "buffer_after_min",
    "min_notice_min",
    "horizon_days",
    "slot_step_min",
    "instructions",
    "is_featured",
    "sort_order",
    "requires_team_member_selection",
    "allow_group_booking",
    "max_group_size",
    "shared_session",
    "scheduled_only",
    "parallel_ok",
    "active",
)
MOST_CATEGORIES, MOST_SERVICES = 100, 500
MISSED = "Nobody who performs this service works at the hours when it is offered. Change the hours first."


class NameTaken(DomainError):
    code = "name_taken"
    status = 409
    field = "name"
    message = "There is a category of this name already."


# Categories ----------------------------------------------------------------------------------------


@transaction.atomic
def create_category(*, fields, by, now):
    """A new heading (`fields`: some of CATEGORY). Raises NameTaken, records.Refused, records.NoRoom."""
    records.lock()
    records.check_room(ServiceCategory.objects, MOST_CATEGORIES, "categories")
    category = ServiceCategory()
    records.put(category, fields, CATEGORY)
    _write_category(category)
    records.note_added(category, by=by, now=now, **{name: getattr(category, name) for name in fields})
    return category


@transaction.atomic
def change_category(*, category, fields, by, now):
    """The category with some of CATEGORY changed. Raises NameTaken, records.Refused, records.Gone."""
    records.lock()
    category = records.fresh(category)
    if changed := records.put(category, fields, CATEGORY):
        _write_category(category, update_fields=list(changed))
        records.note_changed(category, changed, by=by, now=now)
    return category


@transaction.atomic
def remove_category(*, category, by, now):
    """Its services stay, without a heading. Raises records.Gone."""
    records.lock()
    category = records.fresh(category)
    records.note_deleted(category, by=by, now=now)
    category.delete()


def _write_category(category, **how):
    records.check(category)
    try:
        with transaction.atomic():
            category.save(**how)
    except IntegrityError as exc:
        if (exc.__cause__.diag.constraint_name or "").startswith("bookings_servicecategory_name"):
            raise NameTaken from exc
        raise


# Services ------------------------------------------------------------------------------------------


@transaction.atomic
def create_service(*, business, fields, team_members=None, by, now):
    """A new service (`fields`: some of SERVICE), performed by `team_members`; by every active person where that is None.

    Each of them is {"team_member": TeamMember, "price_cents": int | None, "duration_min": int | None}, the latter two where
    they differ from the service's own. Raises records.Refused, records.NoRoom.
    """
    salon = _own(business)
    records.check_room(Service.objects.filter(deleted_at=None), MOST_SERVICES, "services")
    service = Service()
    records.put(service, fields, SERVICE)
    assignments = _check(service, salon, partial(performing.by_people, service, team_members))
    service.save()
    performing.write(service, assignments)
    values = {name: getattr(service, name) for name in fields}
    records.note_added(service, by=by, now=now, **values, team_members=performing.shown(service, salon.money))
    return service


@transaction.atomic
def change_service(*, business, service, fields, team_members=None, by, now):
    """The service with some of SERVICE changed, performed by exactly `team_members`; by whom it was where that is None.

    Raises records.Refused, records.Gone; nothing is written then. Visits that lose their person or their seats stay.
    """
    salon = _own(business)
    service = records.fresh(service, deleted_at=None)
    people = performing.shown(service, salon.money)
    changed = records.put(service, fields, SERVICE)
    if team_members is None:
        _check(service, salon, partial(performing.unchanged, service))
    else:
        assignments = _check(service, salon, partial(performing.by_people, service, team_members))
        performing.write(service, assignments)
        changed |= records.difference("team_members", people, performing.shown(service, salon.money))
    if changed:
        service.save(update_fields=[name for name in changed if name in SERVICE])
        records.note_changed(service, changed, by=by, now=now)
    return service


@transaction.atomic
def remove_service(*, service, by, now):
    """Take it out of the catalogue for good; what is part of bookings or classes stays in the database. Raises records.Gone."""
    records.lock()
    service = records.fresh(service, deleted_at=None)
    records.note_deleted(service, by=by, now=now)
    if not records.delete(service):
        Service.objects.filter(pk=service.pk).update(deleted_at=now, active=False)


def _own(business):
    """The salon's row, locked. Another salon's catalogue is never written by mistake."""
    salon = records.lock()
    if salon.pk != business.pk:
        raise ValueError("the connection is in another salon")
    return salon


def _check(service, salon, read_assignments):
    """The assignments, once the service may be as it is and they go with it. Raises records.Refused."""
    records.check(service)
    assignments = read_assignments()
    records.check(
        service,
        _switches,
        partial(_deposit, assignments=assignments, money=salon.money),
        partial(_notice, salon=salon),
        partial(_hours, assignments=assignments),
    )
    return assignments


def _switches(service):
    return class_conflicts(
        grouped=service.allow_group_booking,
        size=service.max_group_size,
        shared=service.shared_session,
        scheduled=service.scheduled_only,
        phases=service.phases,
    )


def _deposit(service, *, assignments, money):
    own = [each.price_cents for each in assignments if each.price_cents is not None]
    return deposit_conflicts(service, prices=[service.price_cents, *own], money=money)


def _notice(service, *, salon):
    rules = (salon.min_notice_min, salon.horizon_days)
    return notice_conflicts(business=rules, service=(service.min_notice_min, service.horizon_days))


def _hours(service, *, assignments):
    hours = list(service.hours.values_list(*unbookable.SHIFT))
    people = [own.team_member_id for own in assignments if own.team_member.is_active]
    missed = hours and unbookable.never_works(people=people, service_id=service.pk, hours=hours)
    return {"team_members": MISSED} if missed else {}
