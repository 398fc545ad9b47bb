"""A person's data, across all apps: all of it to take along, none of it left when the account goes."""

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.db.models import UUIDField
from django.utils import timezone
from django_tenants.utils import tenant_context
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts import exports, services, traces
from accounts.models import AccountMessage, Invitation, PastMembership
from audit import actors
from audit.models import AuditEntry
from bookings.models import TeamMember
from onboarding import services as opening
from onboarding.leaving import services as leaving
from onboarding.models import OnboardingProgress
from payments.credits.models import CreditEntry, CreditPurchase, MoneyBack, Profile
from tenants.models import Business, BusinessStatus, Departure, Membership, Role, User
from tenants.queries import free_slugs
from tenants.tests.api import ELSEWHERE, NO_STATIC, PASSWORD, cheap_passwords, signed_in

__all__ = ["cheap_passwords"]

pytestmark = NO_STATIC
HERE = "127.0.0.1"


def erase(user):
    services.erase_account(user=user, address=HERE, now=timezone.now())


def invite(business, by, email="x@x.example"):
    return services.invite(business=business, email=email, role=Role.STAFF, by=by, address=HERE, now=timezone.now())


@pytest.fixture
def ada(rosa, nora):
    """Somebody with everything: two salons, names, a second step, credits, a place in a team."""
    user = User.objects.create_user(
        "ada@person.example", PASSWORD, first_name="Ada", last_name="Berg", phone="+12125550142"
    )
    for business in (rosa, nora):
        Membership.objects.create(user=user, business=business, role=Role.ADMIN)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())
    profile = Profile.objects.create(user=user, full_name="Ada Berg")
    CreditEntry.objects.create(
        profile=profile, kind="signup", amount_signed=1000, balance_after=1000, reference="first", at=timezone.now()
    )
    with tenant_context(rosa):
        TeamMember.objects.create(first_name="Ada", last_name="B.", user_id=user.pk)
    invite(rosa, user)
    return user


def test_the_models_that_carry_a_users_id_are_known():
    found = {(model._meta.label, name) for model, name in traces.id_fields()}

    assert found == {
        ("api_tokens.APIToken", "made_by_id"),
        ("audit.AuditEntry", "actor_id"),
        ("bookings.TeamMember", "user_id"),
        ("feeds.BusyCalendar", "made_by_id"),
        ("feeds.FeedLink", "made_by_id"),
        ("giftcards.GiftCardEntry", "actor_id"),
        ("payments.MoneyAction", "actor_id"),
    }


def test_the_file_has_what_is_stored(ada, rosa, nora):
    found = exports.everything_about(ada)

    assert (found["account"]["email"], found["account"]["first_name"]) == (ada.email, "Ada")
    assert {"account.emailaddress", "mfa.authenticator", "credits.profile", "credits.creditentry"} <= set(
        found["records"]
    )
    assert [row["role"] for row in found["records"]["tenants.membership"]] == ["admin", "admin"]
    here, there = found["salons"]["Rosa Studio (rosa)"], found["salons"][f"{nora.name} (nora)"]
    assert [row["first_name"] for row in here["bookings.teammember"]] == ["Ada"]
    assert [row["action"] for row in here["audit.auditentry"]] == ["team.invited"]
    assert there == {}


def test_money_of_a_purchase_that_went_back_is_in_the_file(ada):
    """It points at the purchase, which points at the profile, which points at the person."""
    purchase = CreditPurchase.objects.create(
        profile=Profile.objects.get(user=ada),
        credits=1000,
        amount_cents=1000,
        currency_code="USD",
        created_at=timezone.now(),
    )
    MoneyBack.objects.create(
        stripe_id="re_1", purchase=purchase, amount_cents=500, credits=500, taken=0, at=timezone.now()
    )

    records = exports.everything_about(ada)["records"]
    assert [row["amount_cents"] for row in records["credits.moneyback"]] == [500]


def test_why_somebody_closed_a_salon_is_in_the_file_too(rosa, owner, ada):
    leaving.ask_to_leave(
        business=rosa, by=actors.user(owner), typed_name=rosa.name, reason="My back.", now=timezone.now()
    )

    assert [row["reason"] for row in exports.everything_about(owner)["departures"]] == ["My back."]
    assert exports.everything_about(ada)["departures"] == []


def test_no_table_of_the_platform_names_people_by_a_plain_id_unknown_to_the_file():
    """A foreign key is found by itself; such an id has to be looked for by name."""
    shared = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in shared
        for field in model._meta.concrete_fields
        if isinstance(field, UUIDField) and not field.primary_key and not field.is_relation
    }

    assert {name for name in found if not name.startswith("djstripe.")} == {
        "tenants.Departure.asked_by",
        # A message, and a worker's claim on it: neither says whose.
        "dispatch.Dispatch.claim",
        "dispatch.Dispatch.message_id",
        # Salons, not people.
        "accounts.AccountMessage.about_id",
        "onboarding.OnboardingProgress.like",
        "tenants.ClaimedSlug.business_id",
        "tenants.Departure.business_id",
    }


def test_the_file_has_no_keys(ada):
    text = json.dumps(exports.everything_about(ada))

    assert ada.password not in text
    assert TOTP(ada.authenticator_set.get(type="totp")).instance.data["secret"] not in text
    assert Invitation.objects.get().token_digest not in text


def test_the_file_has_nobody_elses_rows(ada, rosa, staff):
    invite(rosa, User.objects.get(pk=ada.pk), email="y@x.example")

    assert staff.email not in json.dumps(exports.everything_about(ada))


def test_former_salons_are_in_the_file_too(ada, rosa, owner):
    row = Membership.objects.get(user=ada, business=rosa)
    services.remove_member(business=rosa, membership_id=row.pk, by=owner, address=HERE, now=timezone.now())

    assert "audit.auditentry" in exports.everything_about(ada)["salons"]["Rosa Studio (rosa)"]


def test_erasing_leaves_no_personal_data(ada, rosa, nora):
    email = ada.email
    OutstandingToken.objects.create(user=ada, jti="x", token="", created_at=timezone.now(), expires_at=timezone.now())

    erase(ada)

    gone = User.objects.get(pk=ada.pk)
    assert (gone.first_name, gone.last_name, gone.phone, gone.is_active) == ("", "", "", False)
    assert gone.email == f"{ada.pk.hex}@deleted.invalid"
    found = exports.everything_about(gone)
    assert set(found["records"]) == {
        "credits.profile",
        "credits.creditentry",
        "accounts.pastmembership",
        "accounts.invitation",
    }
    assert email not in json.dumps(found["records"])
    assert Profile.objects.get(user=gone).full_name == ""
    assert not EmailAddress.objects.filter(email=email).exists()
    assert list(AccountMessage.objects.filter(recipient=email).values_list("kind", flat=True)) == ["account_deleted"]


def test_money_and_trails_stay(ada, rosa):
    erase(ada)

    assert CreditEntry.objects.get(profile__user_id=ada.pk).amount_signed == 1000
    with tenant_context(rosa):
        assert set(AuditEntry.objects.values_list("actor_label", flat=True)) == {"Ada Berg"}
        assert TeamMember.objects.get(last_name="B.").user_id is None


def test_every_sign_in_ends_at_once(ada, rosa, client_for):
    browsers, api = [client_for(business, ada) for business in (rosa, None)], signed_in(rosa, ada)

    erase(ada)

    assert [browser.get("/accounts/email/").status_code for browser in browsers] == [302, 302]
    assert api.get("/auth/me").status_code == 401


def test_the_address_is_free_again(ada):
    erase(ada)

    assert User.objects.create_user("ada@person.example", PASSWORD).memberships.count() == 0


def test_open_invitations_of_the_person_end(ada):
    erase(ada)

    assert Invitation.objects.open().count() == 0


@pytest.mark.parametrize("status", [BusinessStatus.ACTIVE, BusinessStatus.PAUSED, BusinessStatus.CANCELED])
def test_the_only_owner_of_a_salon_stays(rosa, owner, status):
    """One whose plan has ended keeps its customers' data until somebody closes it, and only its owner can."""
    Business.objects.filter(pk=rosa.pk).update(status=status)

    with pytest.raises(services.OwnsASalon, match="You own Rosa Studio"):
        erase(owner)

    owner.refresh_from_db()
    assert owner.is_active
    assert Membership.objects.filter(user=owner).exists()
    assert not PastMembership.objects.filter(user=owner).exists()


def test_the_owner_of_a_salon_that_is_about_to_be_erased_may_go_before_it(rosa, owner):
    now = timezone.now()
    leaving.ask_to_leave(business=rosa, by=actors.user(owner), typed_name=rosa.name, now=now)

    erase(owner)

    owner.refresh_from_db()
    assert not owner.is_active
    assert leaving.erase(departure_id=Departure.objects.get().pk, now=now + timedelta(days=31))
    assert not Business.objects.filter(pk=rosa.pk).exists()


def test_a_salon_that_was_only_begun_goes_with_the_account(rosa):
    """Its name is somebody else's to take, and nobody makes a salon for a person who is gone."""
    user = User.objects.create_user("mara@person.example", PASSWORD)
    now = timezone.now()
    fields = {"name": "Studio Lark", "legal_name": "Mara Lark", "industry": "", "description": ""}
    progress = opening.begin(owner=user, fields=fields, now=now)
    opening.choose_address(progress=progress, slug="lark", by=actors.user(user), now=now)
    progress.refresh_from_db()

    erase(user)

    assert not OnboardingProgress.objects.filter(pk=progress.pk).exists()
    assert free_slugs(["lark"]) == ["lark"]
    assert opening.provision_left_behind(now=now + timedelta(hours=1)) == 0
    with pytest.raises(opening.NothingBegun):
        opening.ensure_salon(progress=progress, now=now)
    assert not Business.objects.filter(slug="lark").exists()


# The pages -----------------------------------------------------------------------------------------


def test_deleting_asks_for_the_password(ada, client_for):
    browser = client_for(None, ada)

    wrong = browser.post("/accounts/delete/", {"password": "guess"})
    kept = User.objects.get(pk=ada.pk).is_active
    right = browser.post("/accounts/delete/", {"password": PASSWORD})

    assert "The current password is wrong." in wrong.text
    assert (kept, right.status_code) == (True, 302)
    assert User.objects.get(pk=ada.pk).is_active is False
    assert "_auth_user_id" not in browser.session


def test_guesses_at_it_are_counted(ada, client_for):
    browser = client_for(None, ada)

    pages = [browser.post("/accounts/delete/", {"password": "guess"}, REMOTE_ADDR=ELSEWHERE).text for _ in range(6)]

    assert "Too many attempts." in pages[5]


def test_an_owner_is_told_why_not(owner, client_for):
    owner.set_password(PASSWORD)
    owner.save()
    browser = client_for(None, owner)

    assert "You own Rosa Studio" in browser.get("/accounts/data/").text
    assert "You own Rosa Studio" in browser.post("/accounts/delete/", {"password": PASSWORD}).text
    assert User.objects.get(pk=owner.pk).is_active


def test_the_file_is_downloaded_by_a_press(ada, client_for):
    browser = client_for(None, ada)

    answer = browser.post("/accounts/data/export/")

    assert answer["Content-Disposition"] == 'attachment; filename="tithi-account.json"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.json()["account"]["email"] == ada.email
    assert browser.get("/accounts/data/export/").status_code == 405


def test_exports_are_limited(ada, client_for):
    browser = client_for(None, ada)

    answers = [browser.post("/accounts/data/export/", REMOTE_ADDR=ELSEWHERE).status_code for _ in range(6)]

    assert answers == [200] * 5 + [302]


@pytest.mark.parametrize("path", ["data/", "data/export/", "delete/"])
def test_strangers_and_other_sites_get_nowhere(ada, platform_client, client_for, path):
    browser = client_for(None, ada)
    browser.handler.enforce_csrf_checks = True

    assert platform_client.post(f"/accounts/{path}").status_code == 302
    assert browser.post(f"/accounts/{path}", {"password": PASSWORD}).status_code in (403, 405)
    assert User.objects.get(pk=ada.pk).is_active


def test_old_mail_is_forgotten(ada):
    sent = AccountMessage.objects.get(kind="invitation")
    services.send_due(now=timezone.now())

    services.forget_old(now=sent.created_at + timedelta(days=31))

    assert AccountMessage.objects.count() == 0
