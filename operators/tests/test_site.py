"""The operators' admin: nobody else's, read-mostly, as cheap with a thousand salons as with ten."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.api_tokens.tests.making import program as made_by
from accounts.models import AccountMessage
from bookings.tasks import sweep_holds
from messaging import services as messaging
from messaging.dispatch.models import Dispatch
from onboarding.models import OnboardingProgress
from operators import health, services, tasks
from operators.admin import site
from operators.models import FailedTask, OperatorEntry
from operators.tests.conftest import REASON
from payments.webhooks.models import StripeEvent
from tenants.models import (
    Business,
    Domain,
    Membership,
    SchemaRollout,
    SchemaTemplate,
    TenantBilling,
    User,
)
from tenants.tests.api import NO_STATIC, PASSWORD, Api, signed_in

pytestmark = NO_STATIC
LISTS = sorted(f"{model._meta.app_label}/{model._meta.model_name}" for model in site._registry)
DOORS = (
    "/operators/",
    "/operators/tenants/business/",
    "/operators/tenants/user/",
    "/operators/jsi18n/",
    "/operators/background/",
)


def with_second_step(user):
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture
def desk(operator, client_for):
    """A browser of an operator on the platform."""
    return client_for(None, with_second_step(operator))


# Who gets in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOORS)
def test_strangers_are_sent_to_sign_in(platform_client, path):
    answer = platform_client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("role", ["viewer", "staff", "admin", "owner"])
@pytest.mark.parametrize("path", DOORS)
def test_it_does_not_exist_for_members_of_salons(member, client_for, role, path):
    assert client_for(None, with_second_step(member(role))).get(path).status_code == 404


@pytest.mark.parametrize("path", DOORS)
def test_it_does_not_exist_on_a_salons_host(rosa, operator, client_for, path):
    assert client_for(rosa, with_second_step(operator)).get(path).status_code == 404


@pytest.mark.parametrize("path", DOORS)
def test_an_operator_without_a_second_step_sets_one_up_first(operator, client_for, path):
    answer = client_for(None, operator).get(path)

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


def test_a_removed_operator_is_out_at_once(desk, operator):
    assert desk.get("/operators/").status_code == 200

    User.objects.filter(pk=operator.pk).update(is_operator=False)

    assert desk.get("/operators/").status_code == 404


def test_only_its_own_pages_may_evaluate_and_style(desk):
    inside = desk.get("/operators/")["Content-Security-Policy"].split("; ")
    outside = desk.get("/businesses/")["Content-Security-Policy"].split("; ")

    assert sorted(set(inside) - set(outside)) == [
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
    ]


def test_django_s_own_sign_in_and_log_are_not_used(desk, rosa):
    assert desk.get("/operators/login/")["Location"] == "/operators/"
    assert desk.get(f"/operators/tenants/business/{rosa.pk}/history/").status_code == 404


# Lists -----------------------------------------------------------------------------------------


def test_these_tables_are_shown():
    assert LISTS == [
        "accounts/accountmessage",
        "dispatch/dispatch",
        "onboarding/onboardingprogress",
        "operators/failedtask",
        "operators/operatorentry",
        "stripe_inbox/stripeevent",
        "tenants/business",
        "tenants/claimedslug",
        "tenants/customdomain",
        "tenants/departure",
        "tenants/membership",
        "tenants/releasedslug",
        "tenants/schemarollout",
        "tenants/supportaccess",
        "tenants/tenantbilling",
        "tenants/user",
    ]


@pytest.mark.parametrize("label", LISTS)
def test_lists_open_and_find_and_nothing_is_added_or_deleted(desk, label):
    path = f"/operators/{label}/"

    assert desk.get(path).status_code == 200
    assert desk.get(path, {"q": "nothing like it"}).status_code == 200
    assert desk.get(f"{path}add/").status_code == 403


def more_salons(count):
    """Rows of salons, without their schemas: what a list may read."""
    salons = [Business(slug=f"salon-{i}", name=f"Salon {i}", schema_name=f"t_none{i}") for i in range(count)]
    Business.objects.bulk_create(salons)
    TenantBilling.objects.bulk_create([TenantBilling(business=salon) for salon in salons])
    Domain.objects.bulk_create([Domain(tenant=salon, domain=salon.host, is_primary=True) for salon in salons])
    people = [User(email=f"owner{i}@salons.example", password="!") for i in range(count)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        [Membership(user=user, business=salon, role="owner") for user, salon in zip(people, salons, strict=True)]
    )
    SchemaRollout.objects.bulk_create(
        [SchemaRollout(business=salon, app_label="bookings", migration="0001", status="failed") for salon in salons]
    )
    OnboardingProgress.objects.bulk_create(
        [
            OnboardingProgress(
                name=salon.name, owner=user, provisioning="failed", started_at=timezone.now(), slug=salon.slug
            )
            for user, salon in zip(people, salons, strict=True)
        ]
    )
    return salons


PAGES = ("", *(f"{label}/" for label in LISTS), "tenants/business/?q=owner1")


def test_pages_cost_the_same_with_ten_and_with_a_thousand_salons(desk):
    for model in site._registry:
        ContentType.objects.get_for_model(model)
    costs = []
    for count in (8, 998):
        made = transaction.savepoint()
        more_salons(count)
        cost = {}
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(f"/operators/{page}").status_code == 200
            cost[page] = len(queries)
            assert not [row for row in queries if '"t_' in row["sql"]]
        costs.append(cost)
        transaction.savepoint_rollback(made)

    assert costs[0] == costs[1]
    assert max(costs[1].values()) <= 20


def test_a_salon_is_found_by_its_owner_and_shows_who_that_is(desk, rosa, nora, owner):
    text = desk.get("/operators/tenants/business/", {"q": owner.email}).text

    assert (rosa.host in text, owner.email in text, nora.host in text) == (True, True, False)


def test_a_salons_page_says_what_is_known(desk, rosa, owner, let_in):
    let_in()

    text = desk.get(f"/operators/tenants/business/{rosa.pk}/change/").text

    for words in (rosa.schema_name, owner.email, REASON, "Olga: support opened", "You are let in as viewer"):
        assert words in text


def test_what_is_not_there_is_a_404(desk, rosa):
    assert desk.get("/operators/tenants/business/nothing/change/").status_code == 404
    assert desk.get(f"/operators/tenants/user/{rosa.pk}/change/").status_code == 404


def test_no_page_shows_keys_or_what_customers_told_stripe(desk):
    mail = AccountMessage.objects.create(
        dedupe_key="k", kind="reset", recipient="a@b.example", text="the-key-itself", due_at=timezone.now()
    )
    event = StripeEvent.objects.create(event_id="evt_1", type="x", payload={"secret": "the-key-itself"})

    for page in (f"accounts/accountmessage/{mail.pk}", f"stripe_inbox/stripeevent/{event.pk}"):
        answer = desk.get(f"/operators/{page}/change/")
        assert answer.status_code == 200
        assert "the-key-itself" not in answer.text


# Presses ---------------------------------------------------------------------------------------


def test_support_access_is_opened_from_the_salons_page(desk, rosa, operator):
    path = f"/operators/tenants/business/{rosa.pk}/support"
    page = desk.get(f"{path}/", follow=True)
    assert page.status_code == 200

    refused = desk.post(f"{path}/", {"reason": "short", "minutes": "60"})
    opened = desk.post(f"{path}/", {"reason": REASON, "minutes": "30", "arranges": "on"})

    assert refused.status_code == 200
    assert opened["Location"] == f"/operators/tenants/business/{rosa.pk}/change/"
    access = rosa.support_accesses.get()
    assert (access.operator, access.role, access.reason) == (operator, "admin", REASON)
    assert access.ends_at - access.opened_at == timedelta(minutes=30)


def test_support_access_is_ended_from_its_own_page(desk, let_in):
    access = let_in()

    desk.post(f"/operators/tenants/supportaccess/{access.pk}/end/", {"reason": REASON})

    access.refresh_from_db()
    assert access.closed_at


def test_a_deactivated_person_is_out_everywhere_and_stays_signed_out(desk, operator, rosa, staff, client_for):
    browser, program = client_for(rosa, staff), signed_in(rosa, staff)
    assert (browser.get("/admin/").status_code, program.get("/auth/me").status_code) == (200, 200)

    desk.post(f"/operators/tenants/user/{staff.pk}/deactivate/", {"reason": REASON})
    out = (browser.get("/admin/").status_code, program.get("/auth/me").status_code)
    desk.post(f"/operators/tenants/user/{staff.pk}/reactivate/", {"reason": REASON})

    staff.refresh_from_db()
    assert staff.is_active
    assert out == (302, 401)
    assert (browser.get("/admin/").status_code, program.get("/auth/me").status_code) == (302, 401)
    assert Api(rosa).post("/auth/login", {"email": staff.email, "password": PASSWORD}).status_code == 401
    written = OperatorEntry.objects.order_by("at").values_list("action", "operator", "subject_id", "reason", "address")
    assert list(written) == [
        (action, operator.pk, str(staff.pk), REASON, "127.0.0.1") for action in ("user.deactivated", "user.reactivated")
    ]


def test_a_deactivated_persons_api_tokens_stay_ended_when_they_are_back(desk, rosa, admin):
    program = made_by(rosa, admin)
    before = program.get("/api/v1/services").status_code

    desk.post(f"/operators/tenants/user/{admin.pk}/deactivate/", {"reason": REASON})
    out = program.get("/api/v1/services").status_code
    desk.post(f"/operators/tenants/user/{admin.pk}/reactivate/", {"reason": REASON})

    admin.refresh_from_db()
    assert admin.is_active
    assert (before, out, program.get("/api/v1/services").status_code) == (200, 401, 401)


def test_nobody_deactivates_themselves(desk, operator):
    answer = desk.post(f"/operators/tenants/user/{operator.pk}/deactivate/", {"reason": REASON})

    operator.refresh_from_db()
    assert (answer.status_code, operator.is_active) == (200, True)
    assert "Somebody else has to do that" in answer.text
    assert not OperatorEntry.objects.exists()


def test_a_deleted_account_stays_empty(operator, staff):
    User.objects.filter(pk=staff.pk).update(email=f"{staff.pk.hex}@deleted.invalid", is_active=False)

    with pytest.raises(services.AccountGone):
        services.reactivate(user=staff, by=services.By(operator), reason=REASON, now=timezone.now())

    staff.refresh_from_db()
    assert not staff.is_active


@pytest.mark.parametrize(
    ("status", "code", "after"), [("quarantined", 302, "received"), ("processed", 200, "processed")]
)
def test_only_a_stuck_event_is_processed_again(desk, status, code, after):
    event = StripeEvent.objects.create(event_id="evt_1", type="x", payload={}, status=status, attempts=3)

    answer = desk.post("/operators/stripe_inbox/stripeevent/evt_5F1/again/", {"reason": REASON})

    event.refresh_from_db()
    assert (answer.status_code, event.status) == (code, after)
    assert OperatorEntry.objects.filter(action="stripe_event.replayed").exists() == (code == 302)


# The first operator ----------------------------------------------------------------------------


def test_the_first_operator_is_made_on_the_command_line(staff, capsys):
    call_command("make_operator", staff.email.upper())

    staff.refresh_from_db()
    assert staff.is_operator
    assert capsys.readouterr().out == f"{staff.email} is an operator.\n"
    row = OperatorEntry.objects.get()
    assert (row.action, row.operator, row.operator_label) == ("operator.added", None, "manage.py")


def test_nobody_unknown_becomes_an_operator(db):
    with pytest.raises(CommandError, match="Nobody active has an account"):
        call_command("make_operator", "nobody@example.com")


def test_the_last_operator_stays(operator):
    with pytest.raises(CommandError, match="always keeps one operator"):
        call_command("make_operator", operator.email, "--remove")

    operator.refresh_from_db()
    assert operator.is_operator


def test_who_is_removed_is_out_of_salons_too(operator, let_in):
    access = let_in()
    User.objects.create_superuser("otto@tithi.example")

    call_command("make_operator", operator.email, "--remove")

    access.refresh_from_db()
    operator.refresh_from_db()
    assert (operator.is_operator, bool(access.closed_at)) == (False, True)


# Health ----------------------------------------------------------------------------------------


def found(now=None):
    return {line.subject: line.state for line in health.lines(now=now or timezone.now())}


def test_a_healthy_platform_says_so(db):
    tasks.pulse()

    states = found()

    assert states.pop("Workers") == "bad"  # none runs here
    assert set(states.values()) == {"ok"}


def test_a_clock_that_stands_still_is_seen(db):
    now = timezone.now()
    assert found()["Clock"] == "bad"

    health.beat(now=now)

    later = [found(now + timedelta(minutes=minutes))["Clock"] for minutes in (1, 3, 6)]
    assert later == ["ok", "warn", "bad"]


def test_mail_that_waits_in_a_salon_is_seen(rosa):
    now = timezone.now()
    with tenant_context(rosa):
        messaging.queue(kind="x", recipient="a@b.example", subject="x", text="x", now=now - timedelta(minutes=9))

    assert found(now)["Salons’ mail"] == "ok"
    assert found(now + timedelta(minutes=2))["Salons’ mail"] == "bad"


def test_a_message_that_was_given_up_is_seen_for_a_week(rosa):
    now = timezone.now()
    with tenant_context(rosa):
        messaging.queue(kind="x", recipient="a@b.example", subject="x", text="x", now=now)
    Dispatch.objects.update(gave_up_at=now)

    assert found(now)["Salons’ mail"] == "warn"
    assert found(now + timedelta(days=8))["Salons’ mail"] == "ok"


def test_a_failed_task_is_seen_until_somebody_deals_with_it(db):
    failed = FailedTask.objects.create(task_id="1", name="x", error="ValueError", failed_at=timezone.now())
    assert found()["Failed tasks"] == "warn"

    FailedTask.objects.filter(pk=failed.pk).update(state="done")

    assert found()["Failed tasks"] == "ok"


def test_a_sweep_that_should_have_run_is_seen(db):
    sweep_holds.apply()

    states = [found(timezone.now() + timedelta(minutes=minutes))["Sweeps"] for minutes in (1, 5)]
    assert states == ["ok", "warn"]


@pytest.mark.parametrize(
    ("subject", "state", "break_it"),
    [
        ("Stripe’s events", "warn", lambda rosa: stripe_event("quarantined")),
        ("Stripe’s events", "bad", lambda rosa: stripe_event("failed")),
        ("Stripe’s events", "bad", lambda rosa: stripe_event("received", minutes=11)),
        ("Stripe’s events", "ok", lambda rosa: stripe_event("received", minutes=9)),
        ("Schemas", "bad", lambda rosa: rosa.rollouts.create(app_label="a", migration="1", status="failed")),
        ("Template", "bad", lambda rosa: SchemaTemplate.objects.all().delete()),
        ("Addresses", "bad", lambda rosa: rosa.domains.all().delete()),
        ("Openings", "warn", lambda rosa: failed_opening()),
        ("Mail about accounts", "warn", lambda rosa: account_mail("dead")),
        ("Mail about accounts", "bad", lambda rosa: account_mail("queued", minutes=11)),
    ],
)
def test_what_is_wrong_is_seen(rosa, subject, state, break_it):
    assert found()[subject] == "ok"

    break_it(rosa)

    assert found()[subject] == state


def stripe_event(status, minutes=0):
    event = StripeEvent.objects.create(event_id="evt_1", type="x", payload={}, status=status)
    StripeEvent.objects.filter(pk=event.pk).update(received_at=timezone.now() - timedelta(minutes=minutes))


def failed_opening():
    OnboardingProgress.objects.create(name="New", provisioning="failed", started_at=timezone.now())


def account_mail(status, minutes=0):
    AccountMessage.objects.create(
        dedupe_key="k", kind="x", recipient="a@b.example", text="", status=status,
        due_at=timezone.now() - timedelta(minutes=minutes),
    )  # fmt: skip


def test_valkey_that_is_away_is_a_line_and_not_an_error(desk, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"}}

    assert found()["Valkey"] == "bad"
    assert desk.get("/operators/").status_code == 200
