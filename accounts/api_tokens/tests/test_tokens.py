"""A key works for its salon, as far as its maker may go, until somebody or something ends it."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import exports
from accounts import services as accounts
from accounts.api_tokens import queries, services
from accounts.api_tokens.models import APIToken
from accounts.api_tokens.scopes import ENDPOINTS, Needs, Scope
from accounts.api_tokens.tests.making import HERE, make, program
from audit.models import AuditEntry
from tenants import limits
from tenants.models import Membership, Role
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api, cheap_passwords, signed_in

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC

LIST = "/api/v1/api-tokens"
SERVICES = "/api/v1/services"
NOW = timezone.now()
#: Whatever is wrong with a key, this is the answer.
REFUSED = {"detail": "This API token is not valid here.", "code": "token_not_valid"}


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    limits.forget()
    yield
    limits.forget()


def refused(answer):
    body = answer.json()
    body.pop("request_id")
    return (answer.status_code, body, answer["WWW-Authenticate"]) == (401, REFUSED, 'Bearer realm="api"')


def revoke(business, by, token):
    with tenant_context(business):
        services.revoke_token(business=business, token_id=token.pk, by=by, address=HERE, now=timezone.now())


def change_role(business, by, person, role):
    row = Membership.objects.get(user=person, business=business)
    accounts.change_role(business=business, membership_id=row.pk, role=role, by=by, address=HERE, now=timezone.now())


def remove(business, by, person):
    row = Membership.objects.get(user=person, business=business)
    accounts.remove_member(business=business, membership_id=row.pk, by=by, address=HERE, now=timezone.now())


# What is stored ----------------------------------------------------------------------------------


def test_only_a_digest_and_the_beginning_of_a_key_are_kept(rosa, owner):
    token, key = make(rosa, owner)

    mark, prefix, secret = key.split("_", 2)
    assert (mark, prefix, len(secret)) == ("tithi", token.prefix, 43)
    with tenant_context(rosa):
        row = APIToken.objects.values().get()
    assert row["digest"] == sha256(key.encode()).hexdigest()
    assert secret not in str(row)


def test_two_tokens_of_one_name_are_refused_until_one_is_revoked(rosa, owner):
    token, _ = make(rosa, owner)

    with pytest.raises(services.NameTaken):
        make(rosa, owner)
    revoke(rosa, owner, token)

    assert make(rosa, owner)[0].name == token.name


def test_an_end_in_the_past_is_refused(rosa, owner):
    with pytest.raises(services.EndsTooEarly):
        make(rosa, owner, expires_at=NOW, now=NOW)

    with tenant_context(rosa):
        assert not APIToken.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scopes": []}, {"expires_at": NOW - timedelta(days=1), "created_at": NOW}],
    ids=("no name", "no scope", "ends before it begins"),
)
def test_the_database_refuses_a_token_that_makes_no_sense(rosa, owner, wrong):
    token, _ = make(rosa, owner)

    with tenant_context(rosa), pytest.raises(IntegrityError), transaction.atomic():
        APIToken.objects.filter(pk=token.pk).update(**wrong)


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_only_owners_and_admins_make_and_revoke(rosa, owner, member, role):
    token, _ = make(rosa, owner)
    person = member(role)

    with pytest.raises(services.ManagersOnly):
        make(rosa, person, name="mine")
    with pytest.raises(services.ManagersOnly):
        revoke(rosa, person, token)

    with tenant_context(rosa):
        assert list(APIToken.objects.kept()) == [token]


# Where and how far -------------------------------------------------------------------------------


def test_a_key_works_on_its_own_salons_host_only(rosa, nora, owner, member):
    _, key = make(rosa, owner)
    Membership.objects.create(user=owner, business=nora, role=Role.ADMIN)

    assert Api(rosa, token=key).get(SERVICES).status_code == 200
    assert refused(Api(nora, token=key).get(SERVICES))
    assert refused(Api(None, token=key).get("/auth/me"))


@pytest.mark.parametrize("key", ["tithi_", "tithi_00000000_x", f"tithi_00000000_{'A' * 43}", "tithi_é", "tithi_ a b"])
def test_what_was_never_made_is_refused(rosa, owner, key):
    make(rosa, owner)

    assert refused(Api(rosa, token=key).get(SERVICES))


def test_a_session_beside_a_wrong_key_does_not_help(rosa, owner, client_for):
    client = client_for(rosa, owner)

    answer = client.get(SERVICES, headers={"Authorization": "Bearer tithi_wrong"})

    assert refused(answer)


#: (role of the maker today) → what a token with every scope is answered for reading, for staff's and for admins' work
REACH = {Role.VIEWER: (200, 403, 403), Role.STAFF: (200, 404, 403), Role.ADMIN: (200, 404, 400)}


@pytest.mark.parametrize("role", REACH)
def test_a_token_reaches_as_far_as_its_maker_does_today(rosa, owner, admin, role):
    api = program(rosa, admin)
    if role != Role.ADMIN:
        change_role(rosa, owner, admin, role)

    nobody = "00000000-0000-0000-0000-000000000000"
    found = (
        api.get(SERVICES).status_code,
        api.post(f"/api/v1/admin/bookings/{nobody}/check-in").status_code,
        api.post(SERVICES).status_code,
    )

    assert found == REACH[role]


def test_an_owners_token_is_no_owner_even_where_a_scope_would_let_it_in(rosa, owner, monkeypatch):
    api = program(rosa, owner)
    closed = api.get("/api/v1/admin/subscription")
    monkeypatch.setitem(ENDPOINTS, "payments-api:plan", Needs(read=Scope.MONEY_READ))

    answer = api.get("/api/v1/admin/subscription")

    assert (closed.status_code, closed.json()["code"]) == (403, "closed_to_tokens")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert Membership.objects.get(user=owner, business=rosa).role == Role.OWNER


# Its end -----------------------------------------------------------------------------------------


def test_a_revoked_token_is_refused_at_once(rosa, owner):
    token, key = make(rosa, owner)
    api = Api(rosa, token=key)
    before = api.get(SERVICES).status_code

    revoke(rosa, owner, token)

    assert before == 200
    assert refused(api.get(SERVICES))


@pytest.mark.parametrize(("later", "good"), [(59, True), (60, False)], ids=("in time", "over"))
def test_a_token_ends_when_it_was_to(rosa, owner, later, good):
    _, key = make(rosa, owner, now=NOW, expires_at=NOW + timedelta(seconds=60))

    with tenant_context(rosa):
        found = queries.good_token(text=key, business=rosa, now=NOW + timedelta(seconds=later))

    assert (found is not None) == good


def test_a_token_that_ran_out_is_refused(rosa, owner):
    week_ago = timezone.now() - timedelta(days=7)
    api = program(rosa, owner, now=week_ago, expires_at=week_ago + timedelta(days=1))

    assert refused(api.get(SERVICES))


def test_who_leaves_takes_the_tokens_along_and_does_not_bring_them_back(rosa, owner, admin):
    api = program(rosa, admin)
    before = api.get(SERVICES).status_code

    remove(rosa, owner, admin)
    after = api.get(SERVICES)
    Membership.objects.create(user=admin, business=rosa, role=Role.ADMIN)

    assert before == 200
    assert refused(after)
    assert refused(api.get(SERVICES))
    with tenant_context(rosa):
        assert APIToken.objects.kept().count() == 0


def test_a_token_is_of_one_membership_even_where_nobody_revoked_it(rosa, admin):
    api = program(rosa, admin)

    Membership.objects.filter(user=admin, business=rosa).delete()
    Membership.objects.create(user=admin, business=rosa, role=Role.ADMIN)

    assert refused(api.get(SERVICES))


def test_who_is_deactivated_has_no_tokens(rosa, admin):
    api = program(rosa, admin)

    admin.is_active = False
    admin.save()

    assert refused(api.get(SERVICES))
    with tenant_context(rosa):
        assert [row.state for row in queries.listed(rosa, timezone.now())] == ["ended"]


# The trail, and use -------------------------------------------------------------------------------


def test_the_trail_names_the_token_and_its_maker(rosa, owner):
    token, key = make(rosa, owner, Scope.CATALOGUE_WRITE, name="Cash register")

    answer = Api(rosa, token=key).post("/api/v1/service-categories", {"name": "Colour"})

    assert answer.status_code == 201
    with tenant_context(rosa):
        made, entry = AuditEntry.objects.order_by("at")
    assert (made.action, made.subject_id, made.actor_label) == ("api_token.made", str(token.pk), str(owner))
    assert (entry.actor_label, entry.actor_id) == (f"Cash register (API token of {owner})", owner.pk)


def test_the_key_is_in_no_trail(rosa, owner):
    token, key = make(rosa, owner)
    revoke(rosa, owner, token)

    with tenant_context(rosa):
        rows = list(AuditEntry.objects.order_by("at").values())

    assert [row["action"] for row in rows] == ["api_token.made", "api_token.revoked"]
    assert key not in str(rows)
    assert token.digest not in str(rows)


def test_last_used_is_written_every_few_minutes(rosa, owner):
    token, key = make(rosa, owner)
    seen = []

    for minutes in (0, 4, 5, 9):
        at = NOW + timedelta(minutes=minutes)
        with tenant_context(rosa):
            services.enter(text=key, business=rosa, address=HERE, now=at)
            seen.append(APIToken.objects.get(pk=token.pk).last_used_at)

    assert seen == [NOW, NOW, NOW + timedelta(minutes=5), NOW + timedelta(minutes=5)]


def test_a_token_is_let_in_so_often_a_minute(rosa, owner):
    token, key = make(rosa, owner)
    other = program(rosa, owner, name="other", address=ELSEWHERE)
    with tenant_context(rosa):
        for _ in range(599):
            limits.take(services.REQUESTS, str(token.pk), address=ELSEWHERE)
    api = Api(rosa, token=key, address=ELSEWHERE)

    last, over = api.get(SERVICES), api.get(SERVICES)

    assert last.status_code == 200
    assert (over.status_code, over.json()["code"], over["Retry-After"]) == (429, "rate_limited", "60")
    assert other.get(SERVICES).status_code == 200


def test_guessing_ends_after_thirty_tries_a_minute(rosa, owner):
    right = program(rosa, owner, address=ELSEWHERE)
    guesser = Api(rosa, token=f"tithi_00000000_{'A' * 43}", address=ELSEWHERE)

    answers = [guesser.get(SERVICES).status_code for _ in range(32)]

    assert answers == [401] * 30 + [429] * 2
    # From there not even the right one is looked at; from elsewhere it is.
    assert right.get(SERVICES).status_code == 429
    right.address = "198.51.100.9"
    assert right.get(SERVICES).status_code == 200


def test_good_use_is_no_guessing(rosa, owner):
    api = program(rosa, owner, address=ELSEWHERE)

    assert {api.get(SERVICES).status_code for _ in range(40)} == {200}


# Managing them -----------------------------------------------------------------------------------


def test_a_token_is_made_listed_and_revoked_by_somebody_signed_in(rosa, admin):
    api = signed_in(rosa, admin)

    made = api.post(LIST, {"name": "Till", "scopes": ["catalogue:read", "bookings:read"]})
    listed = api.get(LIST).json()["results"]
    program = Api(rosa, token=made.json()["key"])
    works = program.get(SERVICES).status_code
    gone = api.delete(f"{LIST}/{made.json()['id']}")

    assert (made.status_code, works, gone.status_code) == (201, 200, 204)
    assert refused(program.get(SERVICES))
    assert api.delete(f"{LIST}/{made.json()['id']}").status_code == 404
    [row] = listed
    assert row == {key: value for key, value in made.json().items() if key != "key"}
    assert (row["scopes"], row["made_by"], row["state"]) == (["bookings:read", "catalogue:read"], str(admin), "active")
    with tenant_context(rosa):
        token = APIToken.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=365)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "", "scopes": ["team:read"]}, 400),
        ({"name": "x", "scopes": []}, 400),
        ({"name": "x", "scopes": ["plan:write"]}, 400),
        ({"name": "x", "scopes": ["team:read"], "made_by_id": "x"}, 400),
        ({"name": "x", "scopes": ["team:read"], "expires_at": "2020-01-01T00:00:00Z"}, 422),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(rosa, owner, body, status):
    answer = signed_in(rosa, owner).post(LIST, body)

    assert answer.status_code == status
    with tenant_context(rosa):
        assert not APIToken.objects.exists()


def test_a_token_without_end_is_asked_for(rosa, owner):
    made = signed_in(rosa, owner).post(LIST, {"name": "x", "scopes": ["team:read"], "expires_at": None})

    assert (made.status_code, made.json()["expires_at"]) == (201, None)


ROLES = {Role.VIEWER: 403, Role.STAFF: 403, Role.ADMIN: 200, Role.OWNER: 200}


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_salons_tokens(rosa, owner, member, client_for, role):
    person = owner if role == Role.OWNER else member(role)

    assert signed_in(rosa, person).get(LIST).status_code == ROLES[role]
    assert client_for(rosa, person).get("/admin/api-access/").status_code == ROLES[role]


def test_another_salons_tokens_are_nobodys_here(rosa, nora, owner, member):
    token, _ = make(nora, Membership.objects.get(business=nora, role=Role.OWNER).user)
    api = signed_in(rosa, owner)

    assert api.get(LIST).json()["results"] == []
    assert api.delete(f"{LIST}/{token.pk}").status_code == 404
    with tenant_context(nora):
        assert APIToken.objects.kept().count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(rosa, owner, django_assert_num_queries, many):
    for number in range(many):
        make(rosa, owner, name=f"number {number}")

    with tenant_context(rosa), django_assert_num_queries(2):
        assert len(queries.listed(rosa, NOW)) == many


# The page ----------------------------------------------------------------------------------------

PAGE = "/admin/api-access/"


def test_the_page_shows_a_new_key_once(rosa, admin, client_for):
    client = client_for(rosa, admin)

    made = client.post(PAGE, {"name": "Till", "days": "30", "scopes": ["catalogue:read"]})

    with tenant_context(rosa):
        token = APIToken.objects.get()
    key = made.context["made"]["key"]
    assert made.content.decode().count(key) == 2  # to read, and on the copy button
    assert "no-store" in made["Cache-Control"]
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert Api(rosa, token=key).get(SERVICES).status_code == 200
    later = client.get(PAGE).content.decode()
    assert key not in later
    assert f"tithi_{token.prefix}…" in later
    assert "Read services and categories" in later


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scopes": []}, "Tick what the program may do"),
        ({"name": ""}, "This field is required."),
        ({"days": "9999"}, "Select a valid choice."),
    ],
)
def test_the_page_says_what_is_missing(rosa, admin, client_for, change, said):
    body = {"name": "Till", "days": "30", "scopes": ["team:read"]} | change

    answer = client_for(rosa, admin).post(PAGE, body)

    assert said in answer.content.decode()
    with tenant_context(rosa):
        assert not APIToken.objects.exists()


def test_a_press_sent_twice_makes_one_token(rosa, admin, client_for):
    client, body = client_for(rosa, admin), {"name": "Till", "days": "", "scopes": ["team:read"]}

    client.post(PAGE, body)
    again = client.post(PAGE, body)

    assert "There is an API token of this name." in again.content.decode()
    with tenant_context(rosa):
        assert [row.expires_at for row in APIToken.objects.all()] == [None]


def test_the_page_revokes(rosa, admin, staff, client_for):
    token, key = make(rosa, admin)
    path = f"{PAGE}{token.pk}/revoke/"

    refusal = client_for(rosa, staff).post(path)
    works = Api(rosa, token=key).get(SERVICES).status_code
    answer = client_for(rosa, admin).post(path)

    assert (refusal.status_code, works, answer.status_code) == (403, 200, 302)
    assert refused(Api(rosa, token=key).get(SERVICES))


# Data about people -------------------------------------------------------------------------------


def test_a_persons_data_name_the_tokens_they_made_without_the_key(rosa, owner):
    token, _ = make(rosa, owner)

    found = exports.everything_about(owner)

    [row] = found["salons"]["Rosa Studio (rosa)"]["api_tokens.apitoken"]
    assert (row["name"], row["prefix"], "digest" in row) == ("Till", token.prefix, False)


def test_an_erased_account_has_no_tokens(rosa, admin):
    api = program(rosa, admin)

    accounts.erase_account(user=admin, address=HERE, now=timezone.now())

    assert refused(api.get(SERVICES))


def test_nothing_is_written_where_a_scope_is_missing(rosa, owner):
    answer = program(rosa, owner, Scope.CATALOGUE_READ).post("/api/v1/service-categories", {"name": "Colour"})

    assert answer.status_code == 403
    assert signed_in(rosa, owner).get("/api/v1/service-categories").json()["count"] == 0
