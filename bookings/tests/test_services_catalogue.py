"""Categories and services: made, changed, removed; what is refused leaves everything as it was."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings.models import (
    Service,
    ServiceCategory,
    ServiceHours,
    ServiceTeamAssignment,
    TeamMember,
    TeamMemberAvailability,
)
from bookings.services import catalogue, records
from bookings.tests.factories import NINE_TO_FIVE, at, make_booking, make_member, make_service
from tenants.models import Business

CUT = {"name": "Cut", "duration_min": 60, "price_cents": 5000}


def when():
    return {"by": actors.SYSTEM, "now": timezone.now()}


def create(business, team_members=None, **fields):
    return catalogue.create_service(business=business, fields=CUT | fields, team_members=team_members, **when())


def change(business, service, team_members=None, **fields):
    return catalogue.change_service(
        business=business, service=service, fields=fields, team_members=team_members, **when()
    )


def trail():
    return list(AuditEntry.objects.order_by("at", "pk").values_list("action", "before", "after"))


def performed_by(service):
    rows = service.assignments.order_by("team_member__first_name")
    return [(own.team_member.first_name, own.price_cents, own.duration_min) for own in rows]


# Categories ----------------------------------------------------------------------------------------


def test_a_category_is_made_with_a_line_in_the_trail(salon):
    made = catalogue.create_category(fields={"name": " Hair ", "color": "#aa3366"}, **when())

    assert list(ServiceCategory.objects.values_list("pk", "name", "color", "sort_order")) == [
        (made.pk, "Hair", "#aa3366", 0)
    ]
    assert trail() == [("servicecategory.added", {}, {"name": "Hair", "color": "#aa3366"})]


def test_a_category_is_changed_where_it_differs(salon):
    hair = catalogue.create_category(fields={"name": "Hair", "sort_order": 2}, **when())

    changed = catalogue.change_category(category=hair, fields={"name": "Hair & scalp", "sort_order": 2}, **when())
    catalogue.change_category(category=hair, fields={"sort_order": 2}, **when())

    assert (changed.name, ServiceCategory.objects.get().name) == ("Hair & scalp", "Hair & scalp")
    assert trail()[1:] == [("servicecategory.changed", {"name": "Hair"}, {"name": "Hair & scalp"})]


def test_a_name_belongs_to_one_category(salon):
    catalogue.create_category(fields={"name": "Hair"}, **when())
    nails = catalogue.create_category(fields={"name": "Nails"}, **when())

    with pytest.raises(catalogue.NameTaken) as made:
        catalogue.create_category(fields={"name": "Hair"}, **when())
    with pytest.raises(catalogue.NameTaken):
        catalogue.change_category(category=nails, fields={"name": "Hair"}, **when())

    assert (made.value.field, made.value.status) == ("name", 409)
    assert sorted(ServiceCategory.objects.values_list("name", flat=True)) == ["Hair", "Nails"]
    assert len(trail()) == 2


@pytest.mark.parametrize(
    ("fields", "field"), [({"name": "  "}, "name"), ({"name": "Hair", "color": "red"}, "color")], ids=["name", "colour"]
)
def test_a_category_that_cannot_be_is_refused(salon, fields, field):
    with pytest.raises(records.Refused) as refusal:
        catalogue.create_category(fields=fields, **when())

    assert refusal.value.field == field
    assert (ServiceCategory.objects.count(), trail()) == (0, [])


def test_services_outlive_their_category(salon):
    hair = catalogue.create_category(fields={"name": "Hair"}, **when())
    cut = create(salon, category=hair)

    catalogue.remove_category(category=hair, **when())

    cut.refresh_from_db()
    assert (cut.category, ServiceCategory.objects.count()) == (None, 0)
    with pytest.raises(records.Gone):
        catalogue.remove_category(category=hair, **when())
    with pytest.raises(records.Gone):
        catalogue.change_category(category=hair, fields={"name": "Nails"}, **when())


def test_categories_and_services_are_so_many_at_most(salon, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_CATEGORIES", 1)
    monkeypatch.setattr(catalogue, "MOST_SERVICES", 1)
    catalogue.create_category(fields={"name": "Hair"}, **when())
    create(salon)

    with pytest.raises(records.NoRoom):
        catalogue.create_category(fields={"name": "Nails"}, **when())
    with pytest.raises(records.NoRoom):
        create(salon)

    assert (ServiceCategory.objects.count(), Service.objects.count()) == (1, 1)


# Services ------------------------------------------------------------------------------------------


def test_a_service_is_performed_by_everybody_unless_said_otherwise(salon):
    for name, active in (("Ann", True), ("Bob", True), ("Off", False)):
        make_member(name, is_active=active)

    made = create(salon, phases=[{"kind": "active", "minutes": 60}])

    assert performed_by(made) == [("Ann", None, None), ("Bob", None, None)]
    [(action, _, after)] = trail()
    assert action == "service.added"
    assert after == CUT | {
        "phases": [{"kind": "active", "minutes": 60}],
        "team_members": ["Ann performs Cut", "Bob performs Cut"],
    }


def test_a_service_has_the_people_and_prices_that_were_named(salon):
    ann, bob = make_member("Ann"), make_member("Bob")

    made = create(salon, [{"team_member": ann, "price_cents": 6000, "duration_min": 45}])
    changed = change(salon, made, [{"team_member": ann, "price_cents": 7000}, {"team_member": bob}])

    assert performed_by(changed) == [("Ann", 7000, None), ("Bob", None, None)]
    assert trail()[1:] == [
        (
            "service.changed",
            {"team_members": ["Ann performs Cut ($60.00, 45 min)"]},
            {"team_members": ["Ann performs Cut ($70.00)", "Bob performs Cut"]},
        )
    ]


def test_who_stays_keeps_the_assignment(salon):
    make_member("Ann")
    bob = make_member("Bob")
    made = create(salon)
    before = ServiceTeamAssignment.objects.get(team_member=bob).pk

    change(salon, made, [{"team_member": bob}])

    assert list(ServiceTeamAssignment.objects.values_list("pk", flat=True)) == [before]


def test_a_change_leaves_what_it_does_not_name(salon):
    ann = make_member("Ann")
    made = create(salon, [{"team_member": ann, "price_cents": 6000}], instructions="Come early.")

    changed = change(salon, made, price_cents=5500, duration_min=60)

    assert (changed.price_cents, changed.instructions) == (5500, "Come early.")
    assert performed_by(changed) == [("Ann", 6000, None)]
    assert trail()[1:] == [("service.changed", {"price_cents": 5000}, {"price_cents": 5500})]


CLASS = {"allow_group_booking": True, "max_group_size": 8, "shared_session": True}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"duration_min": 4}, "duration_min"),
        ({"duration_min": 1441}, "duration_min"),
        ({"price_cents": -1}, "price_cents"),
        ({"price_cents": 100_000_001}, "price_cents"),
        ({"buffer_after_min": 241}, "buffer_after_min"),
        ({"slot_step_min": 4}, "slot_step_min"),
        ({"horizon_days": 731}, "horizon_days"),
        ({"phases": [{"kind": "active", "minutes": 30}]}, "phases"),
        ({"phases": [{"kind": "processing", "minutes": 60}]}, "phases"),
        ({"max_group_size": 3}, "max_group_size"),
        ({"shared_session": True, "max_group_size": 1}, "max_group_size"),
        ({"scheduled_only": True}, "scheduled_only"),
        (
            CLASS | {"phases": [{"kind": kind, "minutes": 20} for kind in ("active", "processing", "active")]},
            "phases",
        ),
        ({"min_notice_min": 61 * 1440}, "min_notice_min"),
        ({"min_notice_min": 2881, "horizon_days": 2}, "min_notice_min"),
        ({"deposit_type": "fixed"}, "deposit_cents"),
        ({"deposit_type": "fixed", "deposit_cents": 5001}, "deposit_cents"),
        ({"deposit_type": "percent"}, "deposit_percent"),
        ({"deposit_type": "most"}, "deposit_type"),
    ],
)
def test_a_service_that_cannot_be_is_refused_when_made_and_when_changed(salon, fields, field):
    cut = make_service()
    before = Service.objects.values().get()

    with pytest.raises(records.Refused) as made:
        create(salon, **fields)
    with pytest.raises(records.Refused) as changed:
        change(salon, cut, **fields)

    assert (made.value.field, changed.value.field) == (field, field)
    assert (Service.objects.values().get(), trail()) == (before, [])


def test_a_deposit_may_be_as_high_as_the_dearest_person(salon):
    ann = make_member("Ann")
    deposit = {"deposit_type": "fixed", "deposit_cents": 6000}

    made = create(salon, [{"team_member": ann, "price_cents": 6000}], **deposit)
    with pytest.raises(records.Refused) as refusal:
        change(salon, made, [{"team_member": ann}])

    assert (refusal.value.field, str(refusal.value)) == (
        "deposit_cents",
        "The deposit is more than the service costs, $50.00.",
    )
    assert performed_by(made) == [("Ann", 6000, None)]


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([{}, {}], "Name each of them once."),
        ([{"price_cents": -1}], "Ann performs Cut: Ensure this value is greater than or equal to 0."),
        ([{"duration_min": 4}], "Ann performs Cut: Ensure this value is greater than or equal to 5."),
    ],
    ids=["twice", "price", "length"],
)
def test_people_who_cannot_perform_it_so_are_refused(salon, people, sentence):
    ann = make_member("Ann")

    with pytest.raises(records.Refused) as refusal:
        create(salon, [{"team_member": ann} | each for each in people])

    assert refusal.value.sentences == {"team_members": sentence}
    assert (Service.objects.count(), trail()) == (0, [])


def test_phases_take_the_same_time_with_everybody(salon):
    made = create(salon, [{"team_member": make_member("Ann"), "duration_min": 45}])

    with pytest.raises(records.Refused) as refusal:
        change(salon, made, phases=[{"kind": "active", "minutes": 60}])

    made.refresh_from_db()
    assert refusal.value.field == "team_members"
    assert made.phases == []


def test_somebody_who_performs_it_works_at_some_of_its_hours(salon):
    ann, late = make_member("Ann"), make_member("Late", works=(18 * 60, 22 * 60))
    made = create(salon, [{"team_member": ann}])
    ServiceHours.objects.create(service=made, day_of_week=1, start_min=NINE_TO_FIVE[0], end_min=NINE_TO_FIVE[1])

    with pytest.raises(records.Refused) as refusal:
        change(salon, made, [{"team_member": late}])
    change(salon, made, [{"team_member": ann}, {"team_member": late}])

    assert refusal.value.sentences == {"team_members": catalogue.MISSED}
    assert [name for name, _, _ in performed_by(made)] == ["Ann", "Late"]


def test_the_rules_that_count_are_the_ones_stored(salon):
    stale = Business.objects.get(pk=salon.pk)
    Business.objects.filter(pk=salon.pk).update(horizon_days=1)

    with pytest.raises(records.Refused) as refusal:
        create(stale, min_notice_min=1441)

    assert refusal.value.field == "min_notice_min"


def test_a_service_nobody_booked_is_deleted(salon):
    ann = make_member("Ann")
    made = create(salon)
    TeamMemberAvailability.objects.create(team_member=ann, service=made, day_of_week=1, start_min=600, end_min=660)

    catalogue.remove_service(service=made, **when())

    assert (Service.objects.count(), ServiceTeamAssignment.objects.count()) == (0, 0)
    assert (trail()[-1][0], trail()[-1][1]["name"], trail()[-1][1]["price_cents"]) == ("service.deleted", "Cut", 5000)
    with pytest.raises(records.Gone):
        catalogue.remove_service(service=made, **when())


def test_a_booked_service_leaves_the_catalogue_and_its_visits_stay(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    catalogue.remove_service(service=cut, **when())

    cut.refresh_from_db()
    booking.refresh_from_db()
    assert (cut.active, cut.deleted_at is None, booking.status) == (False, False, "confirmed")
    assert [action for action, _, _ in trail()][-1] == "service.deleted"
    with pytest.raises(records.Gone):
        change(salon, cut, active=True)
    with pytest.raises(records.Gone):
        catalogue.remove_service(service=cut, **when())


def test_what_was_agreed_survives_a_change(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    change(salon, cut, name="Long cut", price_cents=9000, duration_min=90)

    booking.refresh_from_db()
    assert (booking.price_cents, booking.items.get().snapshot["name"]) == (5000, "Cut")


def test_columns_of_the_product_are_not_set_from_outside(salon):
    with pytest.raises(ValueError, match="deleted_at"):
        create(salon, deleted_at=timezone.now())

    assert Service.objects.count() == 0


def test_the_other_salon_is_left_alone(salon, other_salon):
    with tenant_context(other_salon):
        theirs = make_service()

    create(salon)

    with pytest.raises(ValueError, match="another salon"):
        create(other_salon)
    with pytest.raises(records.Gone):
        change(salon, theirs, name="Ours")
    with pytest.raises(records.Gone):
        catalogue.remove_service(service=theirs, **when())
    with tenant_context(other_salon):
        assert list(Service.objects.values_list("pk", "name")) == [(theirs.pk, "Cut")]
        assert (TeamMember.objects.count(), AuditEntry.objects.count()) == (0, 0)
