"""A salon is erased: when its day has come, when nothing is on its way, and nothing of any other salon with it."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from accounts.models import AccountMessage, Invitation
from audit import actors
from bookings.tests.factories import at, make_booking, make_member, make_service
from config.testing_racing import at_once
from giftcards.tests.making import make_card
from messaging.models import Message
from messaging.tasks import send_due
from onboarding.leaving import services, tasks
from onboarding.leaving.errors import NotLeaving, NotSettled, PlanNotEnded
from onboarding.leaving.queries import KEPT
from payments import services as payments
from payments.models import ActionState, Dispute, MoneyAction, Payment
from payments.tests.making import book
from payments.webhooks import services as inbox
from payments.webhooks.models import EventStatus, StripeEvent
from tenants import services as tenants
from tenants import slugs
from tenants.models import (
    Business,
    CustomDomain,
    Departure,
    Domain,
    Membership,
    ReleasedSlug,
    Role,
    TenantBilling,
    User,
)
from tenants.tasks import HEADER, SalonGone
from tenants.tests.api import NO_STATIC
from tenants.tests.catalogue import describe

pytestmark = NO_STATIC
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def by(owner):
    return actors.user(owner)


def leave(business, by, now=NOW):
    return services.ask_to_leave(business=business, by=by, typed_name=business.name, now=now)


def erase(departure, now=None):
    if connection.in_atomic_block:
        # The test's rows were written in the same transaction: no table goes before they are checked.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return services.erase(departure_id=departure.pk, now=now or departure.erase_at)


@pytest.fixture
def opened(transactional_db, owner):
    """A salon of the test's own: what is committed as erased does not come back."""
    return tenants.open_business(slug="closing", name="Closing", owner=owner, status="active")


def exists(business):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [business.schema_name])
        return cursor.fetchone()[0] and Business.objects.filter(pk=business.pk).exists()


def furnish(business, *, picture=b"picture"):
    """Something of everything, in `public` too."""
    with tenant_context(business):
        service = make_service()
        make_member(performs=[service])
        make_booking(business, service, at(business))
        make_card()
    with schema_context("public"):
        Domain.objects.create(domain=f"{business.slug}-own.example", tenant=business, is_primary=False)
        CustomDomain.objects.create(business=business, domain=f"{business.slug}-own.example", token="t", created_at=NOW)
        Invitation.objects.create(
            business=business,
            email="x@x.example",
            role=Role.STAFF,
            token_digest=business.slug,
            created_at=NOW,
            expires_at=NOW,
        )
    default_storage.save(f"{business.schema_name}/pictures/a.webp", ContentFile(picture))
    default_storage.save(f"{business.schema_name}/branding/b.webp", ContentFile(picture))


def test_on_its_day_the_salon_is_gone_and_its_name_blocked(rosa, owner, by):
    furnish(rosa)
    departure = leave(rosa, by)

    assert erase(departure, departure.erase_at - timedelta(seconds=1)) is False
    assert exists(rosa)
    assert erase(departure) is True

    assert not exists(rosa)
    for model in (Domain, CustomDomain, Invitation, Membership, TenantBilling):
        owned = "tenant" if model is Domain else "business"
        assert not model.objects.filter(**{f"{owned}_id": rosa.pk}).exists()
    assert User.objects.filter(pk=owner.pk).exists()
    assert ReleasedSlug.objects.get().released_at == departure.erase_at
    with pytest.raises(slugs.SlugTaken):
        tenants.open_business(slug="rosa", name="x")
    assert default_storage.listdir("")[0] == [rosa.schema_name]
    assert default_storage.listdir(f"{rosa.schema_name}/pictures") == ([], [])
    kept = Departure.objects.get()
    assert (kept.erased_at, kept.slug) == (departure.erase_at, "rosa")
    assert list(AccountMessage.objects.order_by("created_at").values_list("kind", flat=True)) == ["leaving", "erased"]


def test_erased_twice_is_erased_once(rosa, by):
    departure = leave(rosa, by)

    assert [erase(departure), erase(departure)] == [True, False]
    assert Departure.objects.get().erased_at == departure.erase_at


def test_files_of_a_salon_whose_eraser_was_killed_go_the_next_day(rosa, by, monkeypatch):
    furnish(rosa)
    departure = leave(rosa, by)
    with monkeypatch.context() as killed:
        killed.setattr(services.files, "remove", lambda schema_name: None)
        erase(departure)
    assert default_storage.listdir(f"{rosa.schema_name}/pictures")[1] == ["a.webp"]

    services.erase_departed(now=departure.erase_at + DAY)

    assert default_storage.listdir(f"{rosa.schema_name}/pictures")[1] == []


@pytest.mark.django_db(transaction=True)
def test_at_the_same_time_too(opened, by):
    departure = leave(opened, by)

    assert sorted(at_once(4, lambda number: erase(departure))) == [False, False, False, True]
    assert AccountMessage.objects.filter(kind="erased").count() == 1


def test_a_salon_taken_back_is_not_erased(rosa, by):
    departure = leave(rosa, by)
    services.withdraw(business=rosa, by=by, now=NOW)

    assert erase(departure) is False
    assert services.erase_departed(now=departure.erase_at) == 0
    assert exists(rosa)


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_erasing_at_once_have_one_outcome(opened, by):
    departure = leave(opened, by)

    def press(number):
        if number:
            return erase(departure)
        try:
            return bool(services.withdraw(business=opened, by=by, now=NOW).withdrawn_at)
        except (NotLeaving, TenantBilling.DoesNotExist):
            return False

    assert sorted(at_once(2, press)) == [False, True]
    kept = Departure.objects.get()
    assert (kept.withdrawn_at is None) != (kept.erased_at is None)
    assert exists(opened) == (kept.erased_at is None)


@pytest.mark.django_db(transaction=True)
def test_one_salon_that_fails_keeps_none_of_the_others(opened, owner, by, caplog):
    second = tenants.open_business(slug="second", name="Second", owner=owner, status="active")
    third = tenants.open_business(slug="third", name="Third", owner=owner, status="active")
    for number, business in enumerate((opened, second, third)):
        leave(business, by, NOW - (3 - number) * DAY)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER SCHEMA "{opened.schema_name}" RENAME TO t_renamed')
    with tenant_context(second):
        Dispute.objects.create(stripe_id="dp_1", charge_id="ch_1", amount_cents=1, currency_code="USD", opened_at=NOW)

    assert services.erase_departed(now=NOW + KEPT) == 1

    left = Departure.objects.filter(erased_at=None).values_list("business_id", flat=True)
    assert set(left) == {opened.pk, second.pk}
    assert Business.objects.filter(pk__in=[opened.pk, second.pk, third.pk]).count() == 2
    assert [word in caplog.text for word in ("erasing_failed", "erasing_waits")] == [True, True]


def test_the_daily_task_erases_what_is_due(rosa, nora, by):
    leave(rosa, by, NOW - KEPT)
    leave(nora, by)

    tasks.erase_departed()

    assert (exists(rosa), exists(nora)) == (False, True)


def test_a_plan_that_may_still_be_billed_is_ended_first(paying, by, no_answer):
    departure = leave(paying.business, by, paying.now())
    base, late = paying.local.base, departure.erase_at
    no_answer()

    with pytest.raises(PlanNotEnded):
        erase(departure, late)
    assert exists(paying.business)

    from django.conf import settings

    from payments.tests.conftest import repoint

    settings.STRIPE_API_BASE = base
    repoint()
    assert erase(departure, late) is True
    assert paying.subscriptions() == ["canceled"]


# Money on its way ----------------------------------------------------------------------------------


@pytest.fixture
def paid(salon, cut, ann, account, admin):
    booking = book(salon, cut, at(salon), account)
    payments.complete(business=salon, booking=booking, key="k", by=actors.user(admin), now=NOW)
    return booking


def test_an_open_dispute_keeps_the_salon(salon, paid, by):
    Dispute.objects.create(
        stripe_id="dp_1",
        payment=Payment.objects.get(),
        charge_id="ch_1",
        amount_cents=1,
        currency_code="USD",
        opened_at=NOW,
    )
    departure = leave(salon, by)

    with pytest.raises(NotSettled, match=r"A bank has not decided about a payment yet.") as refusal:
        erase(departure)
    assert refusal.value.details["reasons"] == services.reasons_to_wait(salon)
    assert exists(salon)
    assert Departure.objects.get().erased_at is None

    Dispute.objects.update(status="lost")
    assert erase(departure) is True


def test_a_press_on_its_way_keeps_the_salon(salon, paid, by):
    MoneyAction.objects.update(state=ActionState.CAPTURING)
    departure = leave(salon, by)

    with pytest.raises(NotSettled, match=r"A payment is on its way."):
        erase(departure)

    MoneyAction.objects.update(state=ActionState.SUCCEEDED)
    assert erase(departure) is True


def test_a_charge_nobody_can_pay_any_more_is_given_up_at_stripe(salon, cut, ann, account, admin, by):
    booking = book(salon, cut, at(salon), account, card="pm_card_chargeCustomerFail")
    action = payments.complete(business=salon, booking=booking, key="k", by=actors.user(admin), now=NOW)
    assert action.state == "failed"
    departure = leave(salon, by)
    assert services.reasons_to_wait(salon) == []

    assert erase(departure) is True

    assert account.stripe.payment_intents.retrieve(action.payment_intent_id).status == "canceled"


def test_while_stripe_is_silent_it_is_not_given_up_and_the_salon_stays(salon, cut, ann, account, admin, by, settings):
    booking = book(salon, cut, at(salon), account, card="pm_card_chargeCustomerFail")
    payments.complete(business=salon, booking=booking, key="k", by=actors.user(admin), now=NOW)
    departure = leave(salon, by)
    from payments.tests.conftest import repoint

    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()

    with pytest.raises(NotSettled):
        erase(departure)
    assert exists(salon)


# What is left elsewhere ----------------------------------------------------------------------------


def test_what_stripe_told_of_its_customers_goes_and_later_events_are_put_aside(salon, account, by):
    other = StripeEvent.objects.create(event_id="evt_other", account="acct_other", type="x", payload={})
    StripeEvent.objects.create(event_id="evt_1", account=account.id, type="x", payload={"name": "Anna"})

    erase(leave(salon, by))

    assert list(StripeEvent.objects.all()) == [other]
    inbox.receive(payload={"id": "evt_2", "account": account.id, "type": "charge.refunded", "data": {"object": {}}})
    inbox.process(event_id="evt_2")
    assert StripeEvent.objects.get(pk="evt_2").status == EventStatus.QUARANTINED


def copies_of(account_id):
    """How many rows dj-stripe keeps of an account."""
    models = [
        model
        for model in apps.get_app_config("djstripe").get_models()
        if any(field.name == "djstripe_owner_account" for field in model._meta.concrete_fields)
    ]
    return sum(model.objects.filter(djstripe_owner_account__id=account_id).count() for model in models)


def test_copies_of_what_happened_on_its_account_go_too(salon, account, paid, by):
    with schema_context("public"):
        for event in account.local.look("/events", account=account.id):
            inbox.receive(payload=event)
            inbox.process(event_id=event["id"])
    assert copies_of(account.id) > 0

    erase(leave(salon, by))

    assert (copies_of(account.id), StripeEvent.objects.filter(account=account.id).count()) == (0, 0)


def test_the_connected_account_is_left_to_its_owner(salon, account, by, local_stripe):
    before = local_stripe.calls(f"/accounts/{account.id}")

    erase(leave(salon, by))

    assert local_stripe.calls(f"/accounts/{account.id}") == before
    assert account.stripe.accounts.retrieve(account.id).charges_enabled is True


def test_a_task_that_was_queued_for_it_touches_nothing(rosa, nora, by):
    erase(leave(rosa, by))
    with tenant_context(nora):
        Message.objects.create(dedupe_key="x", kind="x", recipient="x@x.example", text="x", due_at=NOW)

    with pytest.raises(SalonGone):
        send_due.apply(headers={HEADER: rosa.schema_name}, throw=True)

    with tenant_context(nora):
        assert Message.objects.get().status == "queued"


def rows(cursor, schema, table):
    cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t')
    return sorted(row for (row,) in cursor.fetchall())


def tables(cursor, schema):
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in cursor.fetchall()]


def of_salon(schema):
    """Everything there is to compare of a salon: structure, rights, and a sum over each table's rows."""
    with connection.cursor() as cursor:
        sums = {}
        for table in tables(cursor, schema):
            found = rows(cursor, schema, table)
            sums[table] = (len(found), sha256("\n".join(found).encode()).hexdigest())
        cursor.execute(
            "SELECT relname, relacl::text, relowner FROM pg_class WHERE relnamespace = %s::regnamespace ORDER BY 1",
            [schema],
        )
        grants = cursor.fetchall()
        cursor.execute("SELECT nspacl::text, nspowner FROM pg_namespace WHERE nspname = %s", [schema])
        return describe(schema), grants, cursor.fetchall(), sums


def of_public(without):
    """Rows of `public` that do not speak of the salon `without`."""
    names = (str(without.pk), without.schema_name, "owner@rosa.test")
    with connection.cursor() as cursor:
        return {
            table: [row for row in rows(cursor, "public", table) if not any(name in row for name in names)]
            for table in tables(cursor, "public")
        }


def test_erasing_one_salon_changes_nothing_anywhere_else(rosa, nora, by, settings):
    settings.DATABASE_WEB_ROLE = "pg_monitor"  # a role every server has
    for business in (rosa, nora):
        furnish(business, picture=business.slug.encode())
    third = tenants.open_business(slug="third", name="Third")
    departure = leave(rosa, by)
    before = of_salon(nora.schema_name), of_salon(third.schema_name), of_public(rosa)
    structure = describe("public")

    erase(departure)

    after = of_public(rosa)
    released = after.pop("tenants_releasedslug")
    assert before[2].pop("tenants_releasedslug") == []
    # What its owners are told at last is a mail about accounts.
    leaving = set(after.pop("dispatch_dispatch")) - set(before[2].pop("dispatch_dispatch"))
    assert {row.split(",")[1] for row in leaving} == {"public"}
    assert [row.split(",")[0] for row in released] == ["(rosa"]
    assert (of_salon(nora.schema_name), of_salon(third.schema_name), after) == before
    assert describe("public") == structure
    with default_storage.open(f"{nora.schema_name}/pictures/a.webp") as picture:
        assert picture.read() == b"nora"


def test_the_comparison_sees_a_change(rosa, nora):
    """The judge above can fail: a row, a constraint, a right."""
    furnish(nora)
    before = of_salon(nora.schema_name)
    for change in (
        "UPDATE bookings_service SET name = 'other'",
        "ALTER TABLE bookings_booking DROP CONSTRAINT IF EXISTS bookings_booking_ref_key",
        "GRANT SELECT ON bookings_customer TO pg_monitor",
    ):
        with tenant_context(nora), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(change)
        after = of_salon(nora.schema_name)
        assert after != before
        before = after
