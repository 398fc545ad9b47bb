"""Joining a team: asked by mail, accepted once, by nobody else."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import services
from accounts.models import AccountMessage, Invitation
from audit import actors
from audit.models import AuditEntry
from config.testing_racing import at_once
from messaging import services as messaging
from tenants.models import Membership, Role, User
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
HERE = "127.0.0.1"
GUEST = "new@person.example"
FIELDS = {"first_name": "Ada", "last_name": "Berg", "password": "a long enough one"}


def invite(business, by, email=GUEST, role=Role.STAFF, now=None):
    return services.invite(business=business, email=email, role=role, by=by, address=HERE, now=now or timezone.now())


def token_in(message):
    return re.search(r"/invitations/([\w-]+)/", message.text)[1]


def invited(business, by, **how):
    """An open invitation's token, as its mail has it."""
    invite(business, by, **how)
    return token_in(AccountMessage.objects.filter(kind="invitation").latest("created_at"))


def accept(token, user, now=None):
    return services.accept(token=token, user=user, address=HERE, now=now or timezone.now())


@pytest.fixture
def guest(db):
    return User.objects.create_user(GUEST, "correct horse battery")


def test_somebody_with_an_account_joins(rosa, admin, guest):
    token = invited(rosa, admin)

    accept(token, guest)

    assert Membership.objects.get(user=guest).role == Role.STAFF
    with tenant_context(rosa):
        assert list(AuditEntry.objects.order_by("at").values_list("action", "actor_label")) == [
            ("team.invited", str(admin)),
            ("team.joined", GUEST),
        ]


def test_a_salon_invites_in_its_own_words_and_the_link_stays_below(rosa, nora, admin):
    fields = {
        "channel": "email",
        "trigger": "team_invitation",
        "subject": "Come to {{business_name}}",
        "body": "{{inviter_name}} would like you as {{role_name}}.",
    }
    with tenant_context(rosa):
        messaging.save_template(fields=fields, by=actors.SYSTEM, now=timezone.now())

    token = invited(rosa, admin)

    message = AccountMessage.objects.get()
    assert message.subject == f"Come to {rosa.name}"
    assert message.text.startswith(f"{admin} would like you as staff.\n\nAccept within seven days:\n\nhttp")
    assert services.find(token=token, now=timezone.now()).email == GUEST
    assert own_words_in(nora) is None


def own_words_in(business):
    with tenant_context(business):
        return messaging.own_words(trigger="team_invitation", values=dict)


def test_a_german_salon_invites_in_german(rosa, admin):
    rosa.language = "de"

    invite(rosa, admin)

    message = AccountMessage.objects.get()
    assert message.subject == f"{admin} lädt Sie zu {rosa.name} ein"
    assert "Accept within seven days:" in message.text


def test_the_trail_is_in_the_salon_that_invites_alone(rosa, nora, admin):
    invite(rosa, admin)

    with tenant_context(nora):
        assert AuditEntry.objects.count() == 0


def test_the_database_keeps_no_way_in(rosa, admin):
    token = invited(rosa, admin)

    assert token not in str(Invitation.objects.values().get())


def test_an_address_is_written_small(rosa, admin, guest):
    accept(invited(rosa, admin, email="NEW@Person.Example "), guest)

    assert Membership.objects.filter(user=guest).count() == 1


def test_an_invitation_works_once(rosa, admin, guest):
    token = invited(rosa, admin)
    accept(token, guest)
    Membership.objects.filter(user=guest).delete()

    with pytest.raises(services.InvitationInvalid):
        accept(token, guest)

    assert Membership.objects.filter(user=guest).count() == 0


def test_an_invitation_is_for_its_address(rosa, admin, viewer):
    token = invited(rosa, admin)

    with pytest.raises(services.WrongPerson):
        accept(token, viewer)

    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize(("days", "joins"), [(6.9, 1), (7, 0)], ids=["in time", "too late"])
def test_an_invitation_lasts_seven_days(rosa, admin, guest, days, joins):
    now = timezone.now()
    token = invited(rosa, admin, now=now)

    with suppress(services.InvitationInvalid):
        accept(token, guest, now=now + timedelta(days=days))

    assert Membership.objects.filter(user=guest).count() == joins


def test_sending_again_ends_the_earlier_link(rosa, admin, guest):
    first = invited(rosa, admin)
    services.resend(
        business=rosa, invitation_id=Invitation.objects.get().pk, by=admin, address=HERE, now=timezone.now()
    )
    second = token_in(AccountMessage.objects.latest("created_at"))

    with pytest.raises(services.InvitationInvalid):
        accept(first, guest)
    accept(second, guest)

    assert Membership.objects.filter(user=guest).count() == 1


def test_calling_back_ends_the_link(rosa, admin, guest):
    token = invited(rosa, admin)
    services.revoke(
        business=rosa, invitation_id=Invitation.objects.get().pk, by=admin, address=HERE, now=timezone.now()
    )

    with pytest.raises(services.InvitationInvalid):
        accept(token, guest)


def test_one_open_invitation_for_an_address(rosa, nora, admin, member):
    invite(rosa, admin)

    with pytest.raises(services.AlreadyInvited):
        invite(rosa, admin, email=GUEST.upper())
    invite(nora, member("admin", nora))

    assert Invitation.objects.count() == 2


def test_the_database_says_so_too(rosa, admin):
    row = invite(rosa, admin)
    row.pk, row.token_digest = None, "other"

    with pytest.raises(IntegrityError, match="one_open_invitation"), transaction.atomic():
        row.save(force_insert=True)


def test_one_that_ran_out_makes_room(rosa, admin):
    invite(rosa, admin, now=timezone.now() - timedelta(days=8))

    invite(rosa, admin)

    assert Invitation.objects.open().count() == 1


def test_members_are_not_invited(rosa, admin, staff):
    with pytest.raises(services.AlreadyMember):
        invite(rosa, admin, email=staff.email)


GIVES = {
    "owner": {"viewer": True, "staff": True, "admin": True, "owner": False, "root": False},
    "admin": {"viewer": True, "staff": True, "admin": True, "owner": False, "root": False},
    "staff": {"viewer": False, "staff": False, "admin": False, "owner": False, "root": False},
    "viewer": {"viewer": False, "staff": False, "admin": False, "owner": False, "root": False},
    "another salon's owner": {"viewer": False, "staff": False, "admin": False, "owner": False, "root": False},
}


@pytest.mark.parametrize(
    ("giver", "role", "allowed"), [(giver, role, yes) for giver, row in GIVES.items() for role, yes in row.items()]
)
def test_who_may_invite_as_what(rosa, nora, member, giver, role, allowed):
    by = member("owner", nora) if giver.startswith("another") else member(giver)

    with suppress(services.NotAllowed):
        invite(rosa, by, role=role)

    assert Invitation.objects.filter(role=role).exists() == allowed


def test_somebody_who_was_removed_leaves_no_doors(rosa, admin, guest):
    token = invited(rosa, admin)
    Membership.objects.filter(user=admin).delete()

    with pytest.raises(services.InvitationInvalid):
        accept(token, guest)


def test_too_many_invitations_are_refused(rosa, admin):
    from tenants import limits

    def ask(number):
        services.invite(
            business=rosa,
            email=f"{number}@x.example",
            role=Role.VIEWER,
            by=admin,
            address="203.0.113.7",
            now=timezone.now(),
        )

    for number in range(30):
        ask(number)
    with pytest.raises(limits.TooMany):
        ask(31)

    assert Invitation.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_of_two_accepts_at_once_one_joins(rosa, admin, guest):
    token = invited(rosa, admin)

    def press(number):
        try:
            return accept(token, guest).role
        except services.InvitationInvalid as exc:
            return exc.code

    assert sorted(at_once(2, press)) == ["invitation_invalid", "staff"]
    assert Membership.objects.filter(user=guest).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_new_accounts_at_once_one_is_opened(rosa, admin):
    token = invited(rosa, admin)

    def press(number):
        try:
            joined = services.accept_with_new_account(token=token, address=HERE, now=timezone.now(), **FIELDS)
        except (services.InvitationInvalid, services.AccountExists):
            return "refused"
        return joined.role

    assert sorted(at_once(2, press)) == ["refused", "staff"]
    assert User.objects.filter(email=GUEST).count() == 1


# The page ------------------------------------------------------------------------------------------


def test_a_new_person_opens_an_account_and_is_in(rosa, admin, platform_client):
    path = f"/invitations/{invited(rosa, admin)}/"

    shown = platform_client.get(path)
    answer = platform_client.post(path, FIELDS)

    assert "Open an account and join" in shown.text
    assert (answer.status_code, answer["Location"]) == (302, "/businesses/")
    person = User.objects.get(email=GUEST)
    assert platform_client.session["_auth_user_id"] == str(person.pk)
    assert EmailAddress.objects.get(user=person).verified is True
    assert "Rosa Studio" in platform_client.get("/businesses/").text


def test_looking_at_the_page_does_nothing(rosa, admin, client_for, guest):
    path = f"/invitations/{invited(rosa, admin)}/"

    client_for(None, guest).get(path)

    assert Membership.objects.filter(user=guest).count() == 0


def test_a_weak_password_opens_nothing(rosa, admin, platform_client):
    answer = platform_client.post(f"/invitations/{invited(rosa, admin)}/", FIELDS | {"password": "1234"})

    assert "This password is too short" in answer.text
    assert not User.objects.filter(email=GUEST).exists()


def test_a_known_person_signs_in_first(rosa, admin, platform_client, guest):
    path = f"/invitations/{invited(rosa, admin)}/"

    answer = platform_client.post(path, FIELDS)

    assert "Sign in to join" in answer.text
    assert Membership.objects.filter(user=guest).count() == 0
    guest.refresh_from_db()
    assert guest.check_password("correct horse battery")


def test_somebody_else_cannot_press(rosa, admin, client_for, viewer):
    path = f"/invitations/{invited(rosa, admin)}/"
    browser = client_for(None, viewer)

    answer = browser.post(path)

    assert "This invitation is for another address." in answer.text
    assert Membership.objects.filter(user__email=GUEST).count() == 0


@pytest.mark.parametrize("token", ["x", "\x00", "a" * 43])
def test_a_link_that_opens_nothing_says_one_thing(platform_client, token):
    answer = platform_client.get(f"/invitations/{token}/")

    assert answer.status_code == 404
    assert "This link does not open anything" in answer.text


def test_a_link_needs_the_platforms_host(rosa, admin, client_for):
    assert client_for(rosa).get(f"/invitations/{invited(rosa, admin)}/").status_code in (302, 404)


def test_joining_from_somebody_elses_page_is_refused(rosa, admin, client_for, guest):
    browser = client_for(None, guest)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(f"/invitations/{invited(rosa, admin)}/").status_code == 403
