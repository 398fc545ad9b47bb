"""Roles change with the next request; a salon always has exactly one owner."""

import threading

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import services
from accounts.models import AccountMessage, Invitation
from accounts.services import members
from audit.models import AuditEntry
from config.testing_racing import at_once
from tenants.models import Membership, Role, User
from tenants.tests.api import ELSEWHERE, NO_STATIC, PASSWORD, signed_in

pytestmark = NO_STATIC
HERE = "127.0.0.1"
PAGE = "/admin/team-access/"


def row_of(person, business):
    return Membership.objects.get(user=person, business=business)


def press(verb, business, by, target, **more):
    pk = target.pk if isinstance(target, Membership) else row_of(target, business).pk
    return getattr(services, verb)(business=business, membership_id=pk, by=by, address=HERE, now=timezone.now(), **more)


def owners(business):
    return [row.user for row in Membership.objects.filter(business=business, role=Role.OWNER)]


def test_a_role_is_changed_and_written_down(rosa, admin, staff):
    press("change_role", rosa, admin, staff, role=Role.VIEWER)

    assert row_of(staff, rosa).role == Role.VIEWER
    with tenant_context(rosa):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.before, entry.after) == ("team.role_changed", {"role": "staff"}, {"role": "viewer"})


CHANGES = {
    ("owner", "staff", "admin"): None,
    ("admin", "staff", "admin"): None,
    ("admin", "viewer", "staff"): None,
    ("admin", "staff", "owner"): members.NotAllowed,
    ("owner", "admin", "owner"): members.NotAllowed,
    ("admin", "owner", "staff"): members.OwnerStays,
    ("admin", "admin", "staff"): members.OwnRole,
    ("staff", "viewer", "staff"): members.NotAllowed,
    ("viewer", "staff", "viewer"): members.NotAllowed,
}


@pytest.mark.parametrize(("who", "whom", "role"), CHANGES, ids="-".join)
def test_who_may_change_whom(rosa, owner, member, who, whom, role):
    people = {name: owner if name == "owner" else member(name) for name in {who, whom}}
    refusal = CHANGES[who, whom, role]
    before = row_of(people[whom], rosa).role

    if refusal:
        with pytest.raises(refusal):
            press("change_role", rosa, people[who], people[whom], role=role)
    else:
        press("change_role", rosa, people[who], people[whom], role=role)

    assert row_of(people[whom], rosa).role == (before if refusal else role)


def test_another_salons_people_are_nobody_here(rosa, nora, admin, member):
    outsider = row_of(member("staff", nora), nora)

    with pytest.raises(members.NoSuchMember):
        press("change_role", rosa, admin, outsider, role=Role.VIEWER)
    with pytest.raises(members.NoSuchMember):
        press("remove_member", rosa, admin, outsider)

    assert row_of(outsider.user, nora).role == Role.STAFF


def test_somebody_removed_is_out_at_once_in_pages_and_programs(rosa, admin, staff, client_for):
    browser, api = client_for(rosa, staff), signed_in(rosa, staff)
    before = (browser.get("/admin/").status_code, api.get("/api/v1/admin/bookings").status_code)

    press("remove_member", rosa, admin, staff)

    assert before == (200, 200)
    assert browser.get("/admin/").status_code == 404
    assert api.get("/api/v1/admin/bookings").status_code == 401


def test_a_lower_role_holds_at_once(rosa, owner, admin, client_for):
    browser = client_for(rosa, admin)

    press("change_role", rosa, owner, admin, role=Role.VIEWER)

    assert browser.get(PAGE).status_code == 403


def test_the_owner_is_never_removed(rosa, owner, admin):
    for by in (owner, admin):
        with pytest.raises(services.OwnerStays):
            press("remove_member", rosa, by, owner)

    assert owners(rosa) == [owner]


def test_invitations_of_somebody_removed_end(rosa, owner, admin):
    services.invite(business=rosa, email="x@x.example", role=Role.STAFF, by=admin, address=HERE, now=timezone.now())

    press("remove_member", rosa, owner, admin)

    assert Invitation.objects.open().count() == 0


def test_a_salon_is_handed_over(rosa, owner, admin):
    press("transfer_ownership", rosa, owner, admin)

    assert owners(rosa) == [admin]
    assert row_of(owner, rosa).role == Role.ADMIN
    assert set(AccountMessage.objects.values_list("recipient", flat=True)) == {owner.email, admin.email}


@pytest.mark.parametrize(
    ("by", "heir", "refusal"),
    [
        ("owner", "staff", members.NotAnAdmin),
        ("admin", "admin", members.NotAllowed),
        ("staff", "admin", members.NotAllowed),
    ],
)
def test_a_salon_is_handed_by_its_owner_to_an_admin_only(rosa, owner, member, by, heir, refusal):
    people = {name: owner if name == "owner" else member(name) for name in {by, heir}}

    with pytest.raises(refusal):
        press("transfer_ownership", rosa, people[by], people[heir])

    assert owners(rosa) == [owner]


@pytest.fixture
def hand_to_two(rosa, owner, admin):
    """The owner hands the salon to two admins at once; what each press came to."""
    second = User.objects.create_user("second@rosa.example", PASSWORD)
    Membership.objects.create(user=second, business=rosa, role=Role.ADMIN)
    heirs = (admin, second)

    def hand(number):
        try:
            press("transfer_ownership", rosa, owner, heirs[number])
        except members.NotAllowed:
            return "refused"
        return "done"

    return lambda: sorted(at_once(2, hand))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_salon_gets_two_owners(rosa, hand_to_two, monkeypatch):
    both_have_looked, write = threading.Barrier(2), Membership.objects.bulk_update

    def meet(*rows):
        both_have_looked.wait(timeout=20)
        return write(*rows)

    monkeypatch.setattr(members, "lock", lambda business: None)
    monkeypatch.setattr(Membership.objects, "bulk_update", meet)

    assert hand_to_two() == ["done", "done"]
    assert len(owners(rosa)) == 2


@pytest.mark.django_db(transaction=True)
def test_handed_to_two_at_once_it_has_one_owner(rosa, hand_to_two):
    assert hand_to_two() == ["done", "refused"]
    assert len(owners(rosa)) == 1


@pytest.mark.django_db(transaction=True)
def test_an_heir_removed_at_the_same_moment_leaves_an_owner(rosa, owner, admin):
    def act(number):
        try:
            press("remove_member" if number else "transfer_ownership", rosa, owner, admin)
        except (members.OwnerStays, members.NoSuchMember, Membership.DoesNotExist):
            return "refused"
        return "done"

    assert sorted(at_once(2, act)) == ["done", "refused"]
    assert len(owners(rosa)) == 1


# The page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_who_sees_the_page(rosa, member, client_for, role, status):
    assert client_for(rosa, member(role)).get(PAGE).status_code == status


def test_strangers_and_other_salons_people_do_not(rosa, nora, member, client_for):
    assert client_for(rosa).get(PAGE).status_code == 302
    assert client_for(rosa, member("owner", nora)).get(PAGE).status_code == 404


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_every_press_is_closed_below_admin(rosa, admin, member, client_for, role):
    target = row_of(admin, rosa).pk
    browser = client_for(rosa, member(role))

    paths = ("", f"members/{target}/role/", f"members/{target}/remove/", f"members/{target}/hand-over/")
    answers = [
        browser.post(PAGE + path, {"role": "viewer", "email": "x@x.example", "password": PASSWORD}).status_code
        for path in paths
    ]

    assert answers == [403] * 4
    assert row_of(admin, rosa).role == Role.ADMIN


def test_the_page_lists_the_team_with_few_queries(rosa, owner, admin, staff, client_for, django_assert_max_num_queries):
    browser = client_for(rosa, owner)
    browser.get(PAGE)

    with django_assert_max_num_queries(8):
        page = browser.get(PAGE).text

    assert all(person.email in page for person in (owner, admin, staff))


def test_inviting_on_the_page(rosa, owner, client_for, account_mails):
    browser = client_for(rosa, owner)

    answer = browser.post(PAGE, {"email": "x@x.example", "role": "staff"})
    repeated = browser.post(PAGE, {"email": "x@x.example", "role": "staff"})

    assert answer.status_code == 302
    assert "There is an open invitation for this address." in repeated.text
    assert [mail.to for mail in account_mails()] == [["x@x.example"]]


def test_an_admin_cannot_invite_an_owner_by_writing_it(rosa, admin, client_for):
    client_for(rosa, admin).post(PAGE, {"email": "x@x.example", "role": "owner"})

    assert Invitation.objects.count() == 0


def test_handing_over_asks_for_the_password(rosa, member, client_for):
    owner = User.objects.get(memberships__business=rosa, memberships__role=Role.OWNER)
    owner.set_password(PASSWORD)
    owner.save()
    heir = row_of(member("admin"), rosa)
    browser, path = client_for(rosa, owner), f"{PAGE}members/{heir.pk}/hand-over/"

    wrong = browser.post(path, {"password": "guess"})
    kept = owners(rosa)
    right = browser.post(path, {"password": PASSWORD})

    assert "The current password is wrong." in wrong.text
    assert (kept, right.status_code, owners(rosa)) == ([owner], 302, [heir.user])


def test_the_salon_is_not_handed_to_somebody_of_another_salons_team(rosa, nora, owner, member, client_for):
    path = f"{PAGE}members/{row_of(member('admin', nora), nora).pk}/hand-over/"

    answer = client_for(rosa, owner).get(path)

    assert answer.status_code == 404


def test_guesses_at_it_are_counted(rosa, owner, member, client_for):
    path = f"{PAGE}members/{row_of(member('admin'), rosa).pk}/hand-over/"
    browser = client_for(rosa, owner)

    pages = [browser.post(path, {"password": "guess"}, REMOTE_ADDR=ELSEWHERE).text for _ in range(6)]

    assert "Too many attempts." in pages[5]
    assert owners(rosa) == [owner]


def test_a_persons_salons_are_listed_with_role_and_ways_in(rosa, nora, staff, client_for):
    Membership.objects.create(user=staff, business=nora, role=Role.ADMIN)

    page = client_for(None, staff).get("/businesses/").text

    assert page.index("Nora") < page.index("Rosa Studio")
    assert f'action="/businesses/{rosa.pk}/enter/"' in page
    assert "Plan and Stripe" not in page


def test_strangers_have_no_salons(platform_client):
    assert platform_client.get("/businesses/").status_code == 302
