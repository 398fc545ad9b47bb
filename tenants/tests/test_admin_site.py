"""Who gets into a salon's admin, what each role may do there, and what its pages never ask the database."""

from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from config.admin import site
from tenants import admin, branding
from tenants.models import Membership, Role, User
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
LOGIN = "/accounts/login/?next="
READ = "view"
ALL = "view add change delete"

#: model → what each role may do with it
TABLE = {
    "audit.auditentry": {"viewer": "", "staff": "", "admin": READ, "owner": READ},
    "bookings.booking": {"viewer": READ, "staff": "view add", "admin": "view add", "owner": "view add"},
    "bookings.break": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.closure": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.customer": {"viewer": READ, "staff": "view add change", "admin": ALL, "owner": ALL},
    "bookings.groupsession": {"viewer": READ, "staff": "view add", "admin": "view add", "owner": "view add"},
    "bookings.openinghours": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.resource": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.service": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.servicecategory": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.specialopening": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.teammember": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "giftcards.giftcard": {"viewer": READ, "staff": READ, "admin": "view add", "owner": "view add"},
    "giftcards.package": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "memberships.membership": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "messaging.message": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.cardhold": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.dispute": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.giftcardorder": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.ledgerentry": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.moneyaction": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.payment": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.refund": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "payments.savedcard": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "reviews.review": {"viewer": READ, "staff": READ, "admin": READ, "owner": READ},
    "webhooks.webhookdelivery": {"viewer": "", "staff": "", "admin": READ, "owner": READ},
    "webhooks.webhookendpoint": {"viewer": "", "staff": "", "admin": "view add", "owner": "view add"},
    "tenants.business": {"viewer": READ, "staff": READ, "admin": "view change", "owner": "view change"},
}
#: there is one, and no page to add another
ONLY_ONE = {"tenants.business"}
#: rows edited with their parent: model → the same
INLINES = {
    "bookings.break": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.servicehours": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.serviceteamassignment": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.specialday": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.teammemberavailability": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
    "bookings.timeblock": {"viewer": READ, "staff": READ, "admin": ALL, "owner": ALL},
}
#: what buttons ask for
BUTTONS = {
    "viewer": "",
    "staff": "work_diary close_visits edit_customers",
    "admin": "work_diary close_visits edit_customers refund waive_fees arrange manage_gift_cards write_words manage_integrations",
    "owner": "work_diary close_visits edit_customers refund waive_fees arrange manage_gift_cards write_words manage_integrations",
}


def asked_by(role):
    request = RequestFactory().get("/admin/")
    request.membership = Membership(role=role) if role else None
    return request


def granted(model_admin, role, verbs=("view", "add", "change", "delete"), *obj):
    request = asked_by(role)
    may = {verb: getattr(model_admin, f"has_{verb}_permission") for verb in verbs}
    return " ".join(verb for verb, check in may.items() if check(request, *(obj if verb == "add" else ())))


@pytest.mark.parametrize("role", Role.values)
def test_a_role_may_do_what_the_table_says(role):
    found = {model._meta.label_lower: granted(model_admin, role) for model, model_admin in site._registry.items()}

    assert found == {label: row[role] for label, row in TABLE.items()}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_may_edit_rows_of_a_parent_as_the_table_says(role):
    inlines = [inline(model, site) for model, model_admin in site._registry.items() for inline in model_admin.inlines]

    found = {
        inline.model._meta.label_lower: granted(inline, role, ("view", "add", "change", "delete"), None)
        for inline in inlines
    }

    assert found == {label: row[role] for label, row in INLINES.items()}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_may_press_what_the_table_says(role):
    verbs = BUTTONS["owner"].split()

    assert {granted(model_admin, role, verbs) for model_admin in site._registry.values()} == {BUTTONS[role]}


def test_every_button_asks_for_something_of_the_table():
    asked = {
        permission
        for model_admin in site._registry.values()
        for name in dir(type(model_admin))
        for permission in getattr(getattr(type(model_admin), name, None), "allowed_permissions", None) or ()
    }

    assert asked - {"view"} == set(BUTTONS["owner"].split())


def test_a_stranger_may_do_nothing():
    assert {granted(model_admin, None) for model_admin in site._registry.values()} == {""}


def test_nobody_deletes_in_bulk():
    for model_admin in site._registry.values():
        assert "delete_selected" not in model_admin.get_actions(asked_by("owner"))


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("label", TABLE)
def test_pages_open_as_the_table_says(label, role, salon, client_for, member):
    client = client_for(salon, member(role))
    path = f"/admin/{label.replace('.', '/')}/"

    listed, added = client.get(path), client.get(f"{path}add/")

    refused = 404 if label in ONLY_ONE else 403
    opens = 200 if "view" in TABLE[label][role] else 403
    assert (listed.status_code, added.status_code) == (opens, 200 if "add" in TABLE[label][role] else refused)


# Doors -----------------------------------------------------------------------------------------

DOORS = (
    "/admin/",
    "/admin/bookings/booking/",
    "/admin/bookings/service/add/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
)


@pytest.mark.parametrize("path", [*DOORS, "/admin/nothing/here/", "/admin/search/?s=a"])
def test_strangers_are_sent_to_sign_in(path, salon_client):
    answer = salon_client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, LOGIN + path.replace("?", "%3F").replace("=", "%3D"))


@pytest.mark.parametrize("path", DOORS)
def test_the_admin_does_not_exist_for_who_is_not_a_member(path, rosa, client_for):
    client = client_for(rosa, User.objects.create_user("stranger@example.com", "correct horse battery"))

    answer = client.get(path)

    assert answer.status_code == 404
    assert "Rosa" in answer.text


@pytest.mark.parametrize("path", DOORS)
def test_members_of_another_salon_are_nobody_here(path, rosa, nora, client_for, member):
    assert client_for(rosa, member("owner", nora)).get(path).status_code == 404


def test_the_platforms_operators_are_nobody_here(rosa, client_for):
    operator = User.objects.create_superuser("root@example.com", "correct horse battery")

    assert client_for(rosa, operator).get("/admin/").status_code == 404


def test_a_session_of_one_salon_is_anonymous_at_another(rosa, nora, client_for, member):
    user = member("owner")
    Membership.objects.create(user=user, business=nora, role="owner")
    here, there = client_for(rosa, user), client_for(nora)
    there.cookies = here.cookies

    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/")["Location"] == f"{LOGIN}/admin/"


def test_the_platform_has_no_admin(platform_client):
    assert platform_client.get("/admin/").status_code == 404


def test_removal_and_downgrade_work_at_once(rosa, client_for, member):
    user = member("admin")
    client = client_for(rosa, user)
    adding = "/admin/bookings/closure/add/"
    assert client.get(adding).status_code == 200

    Membership.objects.filter(user=user).update(role="viewer")
    downgraded = client.get(adding).status_code
    Membership.objects.filter(user=user).delete()

    assert (downgraded, client.get(adding).status_code) == (403, 404)


def test_a_deactivated_person_is_out(rosa, client_for, member):
    user = member("owner")
    client = client_for(rosa, user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/admin/")["Location"] == f"{LOGIN}/admin/"


def test_djangos_own_sign_in_and_password_pages_are_not_used(rosa, client_for, member):
    client = client_for(rosa, member("viewer"))

    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert client.get("/admin/r/1/1/").status_code == 404


def test_signing_out_needs_a_press(rosa, client_for, member):
    client = client_for(rosa, member("viewer"))

    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/")["Location"] == "/accounts/login/"
    assert client.get("/admin/").status_code == 302


# Pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/accounts/email/", "/dashboard/", "/dashboard/analytics/"])
def test_only_the_admin_may_evaluate_and_style(rosa, client_for, member, page):
    client = client_for(rosa, member("viewer"))
    inside = client.get("/admin/")["Content-Security-Policy"].split("; ")
    outside = client.get(page)["Content-Security-Policy"].split("; ")

    assert sorted(set(inside) - set(outside)) == [
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
    ]
    assert sorted(set(outside) - set(inside)) == ["script-src 'self'", "style-src 'self'"]


def test_pages_are_kept_by_nobody(rosa, client_for, member):
    answer = client_for(rosa, member("viewer")).get("/admin/")

    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_no_page_asks_for_djangos_log_or_permissions(salon, client_for, member):
    client = client_for(salon, member("owner"))
    for model in site._registry:
        ContentType.objects.get_for_model(model)  # what a process reads once

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/admin/")
        for label in TABLE:
            client.get(f"/admin/{label.replace('.', '/')}/")
            client.get(f"/admin/{label.replace('.', '/')}/add/")

    for table in ("django_admin_log", "auth_permission", "auth_group", "django_content_type"):
        assert [query["sql"] for query in queries if table in query["sql"]] == []


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#ffe600", "#7c3f58", "#00ff88"])
def test_any_brand_colour_is_readable(color, rosa):
    request = asked_by("viewer")
    rosa.primary_color = color
    request.tenant = rosa

    primary = admin.colors(request)["primary"]

    assert branding.contrast(primary["600"], branding.WHITE) >= 4.5
    assert branding.contrast(primary["500"], admin.GREYS["900"]) >= 4.5


def test_the_pages_carry_the_salons_name_and_not_the_others(rosa, nora, client_for, member):
    text = client_for(rosa, member("viewer")).get("/admin/").text

    assert rosa.name in text
    assert nora.name not in text


# The trail -------------------------------------------------------------------------------------


def test_changes_are_written_with_what_was_and_what_is(salon, client_for, member):
    user = member("admin")
    client = client_for(salon, user)
    added = {"start_date": "2030-01-01", "end_date": "2030-01-02", "reason": "New Year"}

    client.post("/admin/bookings/closure/add/", added)
    closure = AuditEntry.objects.get().subject_id
    client.post(f"/admin/bookings/closure/{closure}/change/", added | {"reason": "Inventory"})
    client.post(f"/admin/bookings/closure/{closure}/change/", added | {"reason": "Inventory"})  # nothing changed
    client.post(f"/admin/bookings/closure/{closure}/delete/", {"post": "yes"})

    rows = AuditEntry.objects.order_by("at").values_list("action", "before", "after", "actor_id", "address")
    who = (user.pk, "127.0.0.1")
    assert list(rows) == [
        ("closure.added", {}, added, *who),
        ("closure.changed", {"reason": "New Year"}, {"reason": "Inventory"}, *who),
        ("closure.deleted", {"id": closure, **added, "reason": "Inventory"}, {}, *who),
    ]


def test_the_history_of_a_thing_is_its_trail(salon, client_for, member):
    client = client_for(salon, member("admin"))
    client.post(
        "/admin/bookings/closure/add/", {"start_date": "2030-01-01", "end_date": "2030-01-02", "reason": "Party"}
    )
    closure = AuditEntry.objects.get().subject_id

    answer = client.get(f"/admin/bookings/closure/{closure}/history/")

    assert answer.status_code == 200
    assert "Closure added" in answer.text
    assert client.get(f"/admin/bookings/closure/{uuid4()}/history/").status_code == 404


@pytest.mark.parametrize(
    ("role", "is_led"), [("viewer", False), ("staff", False), ("admin", True), ("owner", True)], ids=str
)
def test_the_way_to_the_history_stands_there_for_who_may_read_it(role, is_led, salon, client_for, owner, member):
    made = {"start_date": "2030-01-01", "end_date": "2030-01-02", "reason": "Party"}
    client_for(salon, owner).post("/admin/bookings/closure/add/", made)
    page = f"/admin/bookings/closure/{AuditEntry.objects.get().subject_id}/"
    client = client_for(salon, member(role))

    led = f"{page}history/" in client.get(f"{page}change/").text

    assert led == is_led
    assert client.get(f"{page}history/").status_code == (200 if is_led else 403)
