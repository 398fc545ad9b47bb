"""Support access: one salon, for a reason, for a while, never money, and the salon sees all of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.models import AccountMessage
from audit.models import AuditEntry
from bookings.models import Closure, TimeBlock
from bookings.tests.factories import at, make_member
from config.admin import site
from operators import services
from operators.models import OperatorEntry
from operators.tests.conftest import REASON
from tenants import policies, queries
from tenants.models import Membership, Role, SupportAccess
from tenants.permissions import Permission
from tenants.tests.api import NO_STATIC, PASSWORD, Api, signed_in

pytestmark = NO_STATIC
DAYS = {"start_date": "2030-01-01", "end_date": "2030-01-02", "reason": "New Year"}


def trail(business):
    with tenant_context(business):
        rows = AuditEntry.objects.filter(action__startswith="support.").order_by("at", "action")
        return [(row.action, row.actor_label, row.after) for row in rows]


# Opening and ending ----------------------------------------------------------------------------


def test_opening_is_written_down_here_and_there(let_in, rosa, operator):
    access = let_in()

    until = access.ends_at.isoformat()
    said = {"reason": REASON, "role": "viewer", "until": until}
    assert access.ends_at - access.opened_at == timedelta(hours=1)
    assert trail(rosa) == [("support.opened", "Olga (Tithi support)", said)]
    row = OperatorEntry.objects.get()
    assert (row.action, row.operator, row.reason, row.address) == ("support.opened", operator, REASON, "203.0.113.9")
    assert (row.subject_type, row.subject_id) == ("tenants.business", str(rosa.pk))
    assert row.details == {"role": "viewer", "until": until}


def test_owners_are_told_when_it_opens(let_in, rosa, owner, admin, account_mails):
    let_in()

    [mail] = account_mails()
    assert mail.to == [owner.email]
    assert mail.subject == "Tithi support is looking at Rosa Studio"
    assert REASON in mail.body
    assert f"/businesses/{rosa.pk}/support/" in mail.body


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"reason": " too short "}, services.ReasonTooShort),
        ({"length": timedelta(minutes=14)}, services.AccessNotAllowed),
        ({"length": timedelta(hours=4, seconds=1)}, services.AccessNotAllowed),
        ({"role": "staff"}, services.AccessNotAllowed),
        ({"role": "owner"}, services.AccessNotAllowed),
        ({"role": "root"}, services.AccessNotAllowed),
    ],
)
def test_what_is_not_given_leaves_nothing(let_in, rosa, asked, refusal):
    with pytest.raises(refusal):
        let_in(**asked)

    assert not SupportAccess.objects.exists()
    assert not AccountMessage.objects.exists()
    assert not OperatorEntry.objects.exists()
    assert trail(rosa) == []


@pytest.mark.parametrize("change", [{"is_operator": False}, {"is_active": False}])
def test_only_an_active_operator_is_let_in(let_in, operator, change):
    type(operator).objects.filter(pk=operator.pk).update(**change)

    with pytest.raises(services.AccessNotAllowed):
        let_in()

    assert not SupportAccess.objects.exists()


def test_an_operator_who_is_a_member_needs_no_access(let_in, rosa, operator):
    Membership.objects.create(user=operator, business=rosa, role=Role.STAFF)

    with pytest.raises(services.AccessNotAllowed):
        let_in()

    assert queries.presence_of(operator, rosa).support is None


def test_opening_again_ends_what_is_open_there(let_in, nora):
    first, elsewhere, second = let_in(), let_in(business=nora), let_in(role=Role.ADMIN)

    open_now = SupportAccess.objects.open(timezone.now())
    assert set(open_now) == {elsewhere, second}
    first.refresh_from_db()
    assert first.closed_at


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("support_access_never_owns", {"role": "owner"}),
        ("support_access_has_a_reason", {"reason": ""}),
        ("support_access_is_short", {"ends_at": timezone.now() + timedelta(days=1)}),
        ("support_access_is_short", {"ends_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_the_database_refuses_it_too(let_in, name, change):
    access = let_in()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SupportAccess.objects.filter(pk=access.pk).update(**change)


def test_it_ends_once(let_in, operator, rosa):
    access = let_in()
    services.end_access(access=access, by=operator, address="203.0.113.9", now=timezone.now())

    with pytest.raises(services.AccessEnded):
        services.end_access(access=access, by=operator, address=None, now=timezone.now())

    assert [(action, who) for action, who, _ in trail(rosa)] == [
        ("support.opened", "Olga (Tithi support)"),
        ("support.closed", "Olga (Tithi support)"),
    ]


# Getting in ------------------------------------------------------------------------------------


def test_an_operator_without_access_is_nobody(rosa, operator, client_for):
    assert client_for(rosa, operator).get("/admin/").status_code == 404


def test_access_to_one_salon_opens_no_other(let_in, rosa, nora, operator, client_for):
    let_in()

    assert client_for(rosa, operator).get("/admin/").status_code == 200
    assert client_for(nora, operator).get("/admin/").status_code == 404
    assert queries.presence_of(operator, nora) is None


def test_access_of_one_operator_is_not_anothers(let_in, rosa, client_for, member):
    let_in()
    other = type(member("viewer")).objects.create_superuser("otto@tithi.example", PASSWORD)

    assert client_for(rosa, other).get("/admin/").status_code == 404


def test_signing_in_on_the_salons_host_leads_in(let_in, rosa, operator, client_for):
    let_in()
    client = client_for(rosa)

    client.post("/accounts/login/", {"login": operator.email, "password": PASSWORD})

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("end", ["closed", "over", "no operator", "inactive"])
def test_the_next_request_after_its_end_is_refused(let_in, rosa, operator, client_for, end):
    access, client = let_in(), client_for(rosa, operator)
    assert client.get("/admin/").status_code == 200

    now = timezone.now()
    if end == "closed":
        services.end_access(access=access, by=operator, address=None, now=now)
    elif end == "over":
        past = now - timedelta(hours=2)
        SupportAccess.objects.update(opened_at=past, ends_at=past + timedelta(hours=1))
    else:
        type(operator).objects.update(**({"is_operator": False} if end == "no operator" else {"is_active": False}))

    answer = client.get("/admin/")
    assert (answer.status_code, "Location" in answer) == ((302, True) if end == "inactive" else (404, False))


def test_programs_are_not_let_in(let_in, rosa, operator, client_for):
    let_in(role=Role.ADMIN)
    program, session = signed_in(rosa, operator), client_for(rosa, operator)

    assert program.get("/api/v1/admin/settings").status_code == 404
    assert session.get("/api/v1/admin/settings").status_code == 404
    body = {"email": operator.email, "password": PASSWORD}
    assert Api(rosa).post("/auth/login", body).json()["user"]["membership_role"] is None


def test_members_pay_no_query_for_it(rosa, staff, operator, let_in, django_assert_num_queries):
    let_in()

    with django_assert_num_queries(1):
        queries.presence_of(staff, rosa)
    with django_assert_num_queries(2):
        queries.presence_of(operator, rosa)


# What it may -----------------------------------------------------------------------------------


LOOKS = {"view_diary", "view_money", "view_customers", "view_analytics"}


@pytest.mark.parametrize(("role", "allowed"), [(Role.VIEWER, LOOKS), (Role.ADMIN, {*LOOKS, "arrange"})])
def test_what_support_reaches(let_in, rosa, operator, role, allowed):
    let_in(role=role)
    membership = queries.presence_of(operator, rosa)

    assert {permission for permission in Permission.values if policies.may(membership, permission)} == allowed


#: What may be added and changed for settings; nothing is deleted, and whatever is not here is for reading.
SETTINGS = {
    "bookings.break": "add change",
    "bookings.closure": "add change",
    "bookings.openinghours": "add change",
    "bookings.resource": "add change",
    "bookings.service": "add change",
    "bookings.servicecategory": "add change",
    "bookings.specialopening": "add change",
    "bookings.teammember": "add change",
    "tenants.business": "change",
}
#: What support does not even see: who did what, and where a salon's own programs are told of its customers.
HIDDEN = {"audit.auditentry", "webhooks.webhookdelivery", "webhooks.webhookendpoint"}


@pytest.mark.parametrize(("role", "table"), [(Role.VIEWER, {}), (Role.ADMIN, SETTINGS)])
def test_what_support_may_write_in_the_admin(let_in, rosa, operator, rf, role, table):
    let_in(role=role)
    request = rf.get("/admin/")
    request.membership = queries.presence_of(operator, rosa)

    found = {}
    for model, model_admin in site._registry.items():
        assert model_admin.has_view_permission(request) == (model._meta.label_lower not in HIDDEN)
        may = [verb for verb in ("add", "change", "delete") if getattr(model_admin, f"has_{verb}_permission")(request)]
        if may:
            found[model._meta.label_lower] = " ".join(may)
        for pressed in set(Permission.values) - LOOKS - {"arrange"}:
            assert not getattr(model_admin, f"has_{pressed}_permission")(request)

    assert found == table


#: Doors to money, customers' data, logins and the plan. 403 or 404: shut, whatever was asked for.
SHUT = (
    "/admin/team-access/",
    "/admin/api-access/",
    "/admin/diary-check/",
    "/admin/bookings/booking/add/",
    "/admin/bookings/customer/add/",
    "/admin/bookings/groupsession/add/",
    "/admin/giftcards/giftcard/add/",
    "/admin/payments/payment/add/",
)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
@pytest.mark.parametrize("path", SHUT)
def test_these_doors_are_shut(let_in, rosa, operator, client_for, role, path):
    let_in(role=role)
    client = client_for(rosa, operator)

    assert client.get(path).status_code in (403, 404)
    assert client.post(path, {}).status_code in (403, 404, 405)


@pytest.mark.parametrize("path", ["/billing/", "/businesses/"])
def test_the_platforms_pages_give_nothing_of_the_salon(let_in, rosa, operator, client_for, path):
    let_in(role=Role.ADMIN)
    client = client_for(None, operator)

    assert rosa.name not in client.get(path).text
    assert client.get(f"/billing/{rosa.pk}/").status_code == 404


@pytest.mark.parametrize(("role", "status", "made"), [(Role.VIEWER, 403, 0), (Role.ADMIN, 302, 1)])
def test_settings_change_only_where_that_was_given(let_in, rosa, operator, client_for, role, status, made):
    let_in(role=role)

    answer = client_for(rosa, operator).post("/admin/bookings/closure/add/", DAYS)

    assert answer.status_code == status
    with tenant_context(rosa):
        assert Closure.objects.count() == made
        written = AuditEntry.objects.filter(action="closure.added").values_list("actor_label", "actor_id")
        assert list(written) == [("Olga (Tithi support)", operator.pk)] * made


def test_support_deletes_nothing(let_in, rosa, operator, client_for):
    let_in(role=Role.ADMIN)
    with tenant_context(rosa):
        closure = Closure.objects.create(**DAYS)

    answer = client_for(rosa, operator).post(f"/admin/bookings/closure/{closure.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    with tenant_context(rosa):
        assert Closure.objects.count() == 1


def test_support_takes_no_blocked_time_off_the_calendar(let_in, rosa, operator, client_for):
    let_in(role=Role.ADMIN)
    with tenant_context(rosa):
        block = TimeBlock.objects.create(team_member=make_member(), starts_at=at(rosa), ends_at=at(rosa, "11:00"))
    path, client = f"/dashboard/calendar/blocks/{block.pk}/", client_for(rosa, operator)

    page = client.get(path)

    assert (page.status_code, "Remove this block" in page.text) == (200, False)
    assert client.post(f"{path}remove/").status_code == 403
    with tenant_context(rosa):
        assert TimeBlock.objects.count() == 1


# The trail -------------------------------------------------------------------------------------


def test_every_page_is_in_the_salons_trail_without_what_was_typed(let_in, rosa, nora, operator, client_for):
    let_in(role=Role.ADMIN)
    client = client_for(rosa, operator)

    client.get("/admin/bookings/customer/", {"q": "ada@person.example"})
    client.get("/admin/bookings/customer/nothing/change/")
    client.post("/admin/bookings/closure/add/", {"reason": "secret words"})

    assert [(action, who, after) for action, who, after in trail(rosa)[1:]] == [
        ("support.viewed", "Olga (Tithi support)", {"path": "/admin/bookings/customer/", "answer": 200}),
        ("support.viewed", "Olga (Tithi support)", {"path": "/admin/bookings/customer/nothing/change/", "answer": 404}),
        ("support.pressed", "Olga (Tithi support)", {"path": "/admin/bookings/closure/add/", "answer": 200}),
    ]
    assert trail(nora) == []


def test_a_page_that_cannot_be_written_down_is_not_shown(let_in, rosa, operator, client_for):
    let_in()
    client = client_for(rosa, operator)
    client.raise_request_exception = False
    with tenant_context(rosa), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry RENAME TO audit_away")

    answer = client.get("/admin/")

    assert answer.status_code == 500
    assert "Today" not in answer.text


def test_members_leave_no_such_lines(rosa, client_for, member):
    client_for(rosa, member("owner")).get("/admin/")

    assert trail(rosa) == []
