import base64
import json
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from tenants.models import Membership, Role, User
from tenants.tests.api import ELSEWHERE, NO_STATIC, PASSWORD, Api, cheap_passwords, signed_in
from tenants.tests.totp import code_now

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC

NEW = {"email": "New@Person.example", "password": "a long enough one", "first_name": "Ada", "last_name": "Berg"}
CLAIMS = {"sub", "email", "tenant_id", "membership_role", "exp", "aud", "iat", "jti", "token_type", "family", "pwd"}


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def sign_in(business, user, **how):
    return Api(business, **how).post("/auth/login", {"email": user.email, "password": PASSWORD})


@pytest.fixture(params=["salon", "platform"])
def host(request, rosa):
    """The salon's Business, or None for the platform's host."""
    return rosa if request.param == "salon" else None


def test_register_signs_in_at_once(host):
    answer = Api(host).post("/auth/register", NEW)

    assert answer.status_code == 201
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert set(answer.json()) == {"access", "refresh", "user"}
    assert answer.json()["user"]["email"] == "new@person.example"
    me = Api(host, token=answer.json()["access"]).get("/auth/me").json()
    assert (me["first_name"], me["tenant_id"]) == ("Ada", str(host.pk) if host else None)


def test_register_refuses_a_known_address_and_changes_nothing(host, staff):
    answer = Api(host).post("/auth/register", NEW | {"email": staff.email.upper()})

    assert (answer.status_code, answer.json()["code"]) == (409, "email_unavailable")
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"password": "short"}, 400, "password"),
        ({"password": "new@person.example"}, 400, "password"),
        ({"password": "x" * 129}, 400, "password"),
        ({"email": "nobody"}, 400, "email"),
        ({"email": "a\x00b@c.example"}, 400, "email"),
        ({"phone": "call me"}, 400, "phone"),
        ({"is_operator": True}, 400, "is_operator"),
        ({"role": "owner"}, 400, "role"),
    ],
)
def test_register_refuses_what_it_does_not_take(rosa, change, status, field):
    before = User.objects.count()

    answer = Api(rosa).post("/auth/register", NEW | change)

    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "body", ["{", "[]", '"text"', "[" * 100_000, b"\xff\xfe", "NaN", '{"email": "\\ud800@x.example", "password": "x"}']
)
def test_malformed_bodies_are_a_400_and_never_a_500(rosa, body):
    answer = Api(rosa).post("/auth/login", body)

    assert answer.status_code == 400
    assert {"detail", "code", "request_id"} <= set(answer.json())


def test_a_body_without_end_is_refused(rosa):
    answer = Api(rosa).post("/auth/login", '{"email": "' + "a" * 2_000_000 + '"}')

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_the_access_token_says_who_where_and_as_what(rosa, staff):
    token = claims(sign_in(rosa, staff).json()["access"])

    assert set(token) == CLAIMS
    assert {name: token[name] for name in ("sub", "email", "tenant_id", "membership_role", "aud")} == {
        "sub": str(staff.pk),
        "email": staff.email,
        "tenant_id": str(rosa.pk),
        "membership_role": "staff",
        "aud": str(rosa.pk),
    }
    assert token["exp"] - token["iat"] == 15 * 60


def test_the_platforms_token_is_for_no_salon(rosa, staff):
    token = claims(sign_in(None, staff).json()["access"])

    assert (token["aud"], token["tenant_id"], token["membership_role"]) == ("platform", None, None)


def test_wrong_password_and_unknown_address_look_the_same(rosa, staff):
    known = Api(rosa).post("/auth/login", {"email": staff.email, "password": "wrong password"})
    unknown = Api(rosa).post("/auth/login", {"email": "nobody@x.example", "password": "wrong password"})

    assert known.status_code == unknown.status_code == 401
    bodies = [answer.json() | {"request_id": ""} for answer in (known, unknown)]
    assert bodies[0] == bodies[1]


def test_an_unknown_address_costs_a_hash_too(rosa, monkeypatch):
    hashed = []
    monkeypatch.setattr("tenants.api.accounts.make_password", hashed.append)

    Api(rosa).post("/auth/login", {"email": "nobody@x.example", "password": "wrong password"})

    assert hashed == ["wrong password"]


def test_an_inactive_person_cannot_sign_in_and_is_signed_out(rosa, staff):
    api = signed_in(rosa, staff)
    User.objects.filter(pk=staff.pk).update(is_active=False)

    assert api.get("/auth/me").status_code == 401
    assert sign_in(rosa, staff).json()["code"] == "login_failed"


def test_tokens_do_not_work_on_another_host(rosa, nora, member):
    person = member("owner")
    Membership.objects.create(user=person, business=nora, role=Role.OWNER)
    pair = sign_in(rosa, person).json()

    for host in (nora, None):
        assert Api(host, token=pair["access"]).get("/auth/me").json()["code"] == "token_not_valid"
        assert Api(host).post("/auth/refresh", {"refresh": pair["refresh"]}).status_code == 401
        assert Api(host).post("/auth/logout", {"refresh": pair["refresh"]}).status_code == 401
    assert Api(rosa, token=pair["access"]).get("/auth/me").status_code == 200


def test_an_access_token_ends_after_fifteen_minutes(rosa, staff):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        api = signed_in(rosa, staff)
    with time_machine.travel(now + timedelta(minutes=14, seconds=58), tick=False):
        in_time = api.get("/auth/me")
    with time_machine.travel(now + timedelta(minutes=15, seconds=1), tick=False):
        late = api.get("/auth/me")

    assert (in_time.status_code, late.status_code) == (200, 401)


@pytest.mark.parametrize("forge", ["alg none", "foreign key", "refresh as access", "two words", "no token"])
def test_forged_tokens_are_refused(rosa, staff, forge):
    pair = sign_in(rosa, staff).json()
    head, body, signature = pair["access"].split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    token = {
        "alg none": f"{none}.{body}.",
        "foreign key": f"{head}.{body}.{signature[:-4]}AAAA",
        "refresh as access": pair["refresh"],
        "two words": "one two",
        "no token": "null",
    }[forge]

    answer = Api(rosa, token=token).get("/auth/me")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_refresh_rotates(rosa, staff):
    first = sign_in(rosa, staff).json()

    second = Api(rosa).post("/auth/refresh", {"refresh": first["refresh"]})

    assert second.status_code == 200
    assert second.json()["refresh"] != first["refresh"]
    assert Api(rosa, token=second.json()["access"]).get("/auth/me").status_code == 200


def test_a_reused_refresh_token_ends_the_whole_sign_in(rosa, staff):
    first, other = sign_in(rosa, staff).json(), sign_in(rosa, staff).json()
    second = Api(rosa).post("/auth/refresh", {"refresh": first["refresh"]}).json()

    assert Api(rosa).post("/auth/refresh", {"refresh": first["refresh"]}).status_code == 401

    assert Api(rosa).post("/auth/refresh", {"refresh": second["refresh"]}).status_code == 401
    assert Api(rosa, token=second["access"]).get("/auth/me").status_code == 401
    assert Api(rosa, token=other["access"]).get("/auth/me").status_code == 200


def test_refresh_tokens_are_not_kept_in_the_database(rosa, staff):
    sign_in(rosa, staff)

    assert list(OutstandingToken.objects.filter(user=staff).values_list("token", flat=True)) == [""]


def test_logout_ends_access_and_refresh_at_once(host, staff):
    pair = sign_in(host, staff).json()

    assert Api(host).post("/auth/logout", {"refresh": pair["refresh"]}).status_code == 204

    assert Api(host, token=pair["access"]).get("/auth/me").status_code == 401
    assert Api(host).post("/auth/refresh", {"refresh": pair["refresh"]}).status_code == 401
    assert Api(host).post("/auth/logout", {"refresh": pair["refresh"]}).status_code == 204


def test_the_role_is_the_databases_not_the_tokens(rosa, member):
    person = member("owner")
    api = signed_in(rosa, person)

    Membership.objects.filter(user=person).update(role=Role.VIEWER)

    assert claims(api.token)["membership_role"] == "owner"
    assert api.get("/auth/me").json()["membership_role"] == "viewer"


def test_a_removed_member_is_out_at_once(rosa, staff):
    api = signed_in(rosa, staff)

    Membership.objects.filter(user=staff).delete()

    assert api.get("/auth/me").status_code == 401


def test_me_shows_and_changes_ones_own_data_only(rosa, staff):
    api = signed_in(rosa, staff)

    answer = api.put("/auth/me", {"first_name": "Grace", "phone": "(212) 555-0142"})

    assert answer.status_code == 200
    assert (answer.json()["first_name"], answer.json()["phone"]) == ("Grace", "+12125550142")
    for name, value in (("email", "x@y.example"), ("membership_role", "owner"), ("is_operator", True), ("id", "1")):
        refused = api.put("/auth/me", {name: value})
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])


def test_me_needs_a_login(host):
    answer = Api(host).get("/auth/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_new_password_ends_every_other_sign_in(rosa, staff):
    api, other = signed_in(rosa, staff), sign_in(rosa, staff).json()
    words = {"current_password": PASSWORD, "new_password": "another long password"}

    answer = api.put("/auth/me", words)

    assert answer.status_code == 200
    assert Api(rosa, token=other["access"]).get("/auth/me").status_code == 401
    assert Api(rosa).post("/auth/refresh", {"refresh": other["refresh"]}).status_code == 401
    assert Api(rosa, token=answer.json()["access"]).get("/auth/me").status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"new_password": "another long password"}, "invalid"),
        ({"new_password": "another long password", "current_password": "guess"}, "wrong_password"),
        ({"new_password": "short", "current_password": PASSWORD}, "weak_password"),
    ],
)
def test_a_password_changes_only_with_the_old_one(rosa, staff, body, code):
    answer = signed_in(rosa, staff).put("/auth/me", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def reset_key(mail):
    return re.search(r"/accounts/password/reset/key/([\w-]+)/", mail.body).group(1)


def test_a_forgotten_password_is_replaced_by_mail_once(host, staff, account_mails):
    pair = sign_in(host, staff).json()

    Api(host).post("/auth/forgot-password", {"email": staff.email})
    key = reset_key(account_mails()[-1])
    first = Api(host).post("/auth/reset-password", {"key": key, "password": "another long password"})
    second = Api(host).post("/auth/reset-password", {"key": key, "password": "yet another password"})

    assert (first.status_code, second.status_code) == (200, 400)
    assert second.json()["code"] == "reset_key_invalid"
    staff.refresh_from_db()
    assert staff.check_password("another long password")
    assert Api(host, token=pair["access"]).get("/auth/me").status_code == 401


@pytest.mark.parametrize("key", ["", "x", "x-y", "0" * 32 + "-abc-def", "\x00-a", "-"])
def test_a_bad_reset_key_has_one_answer(rosa, key):
    answer = Api(rosa).post("/auth/reset-password", {"key": key, "password": "another long password"})

    assert answer.status_code == 400


def test_forgotten_password_answers_the_same_for_unknown_addresses(host, staff, account_mails):
    known = Api(host).post("/auth/forgot-password", {"email": staff.email})
    unknown = Api(host).post("/auth/forgot-password", {"email": "nobody@x.example"})

    assert known.status_code == unknown.status_code == 200
    assert known.json() == unknown.json()
    assert [mail.to for mail in account_mails()] == [[staff.email], ["nobody@x.example"]]


def test_no_mail_leaves_within_the_request(rosa, staff, account_mails, mailoutbox):
    answers = [Api(rosa).post("/auth/forgot-password", {"email": email}) for email in (staff.email, "nobody@x.example")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert mailoutbox == []
    assert len(account_mails()) == 2


def test_login_is_limited_per_account_and_address(rosa, staff):
    guesses = [
        Api(rosa, address=ELSEWHERE).post("/auth/login", {"email": staff.email, "password": f"guess {n}"})
        for n in range(5)
    ]

    blocked = sign_in(rosa, staff, address=ELSEWHERE)

    assert [answer.status_code for answer in guesses] == [401] * 5
    assert (blocked.status_code, blocked.json()["code"], blocked["Retry-After"]) == (429, "rate_limited", "900")
    assert sign_in(rosa, staff, address="198.51.100.4").status_code == 200


def test_opening_accounts_is_limited_per_address(rosa):
    answers = [
        Api(rosa, address=address).post("/auth/register", NEW | {"email": f"{n}@x.example"}).status_code
        for n, address in enumerate([ELSEWHERE] * 21 + ["198.51.100.4"])
    ]

    assert answers == [201] * 20 + [429, 201]


def test_login_guesses_are_counted_across_salons(rosa, nora, staff):
    for host in (rosa, nora, None, rosa, nora):
        Api(host, address=ELSEWHERE).post("/auth/login", {"email": staff.email, "password": "guess"})

    assert sign_in(rosa, staff, address=ELSEWHERE).status_code == 429


def test_signing_in_often_is_no_guessing(rosa, staff):
    answers = [sign_in(rosa, staff, address=ELSEWHERE).status_code for _ in range(7)]

    assert answers == [200] * 7


def test_resets_are_limited(rosa, staff):
    answers = [
        Api(rosa, address=ELSEWHERE).post("/auth/forgot-password", {"email": email}).status_code
        for email in [staff.email] * 4 + ["nobody@x.example"] * 4
    ]

    assert answers == [200, 200, 200, 429] * 2


def test_one_mailbox_is_not_flooded_from_many_addresses(rosa, staff, account_mails):
    answers = [
        Api(rosa, address=f"203.0.113.{n}").post("/auth/forgot-password", {"email": staff.email}).status_code
        for n in range(9)
    ]

    assert (answers, len(account_mails())) == ([200] * 9, 6)


def test_a_second_factor_is_asked_for(rosa, staff):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    spare = RecoveryCodes.activate(staff).get_unused_codes()[0]
    body = {"email": staff.email, "password": PASSWORD}

    said = ({}, {"code": "000000x"}, {"code": code_now(secret)})
    answers = [Api(rosa).post("/auth/login", body | extra) for extra in said]

    assert [answer.json().get("code") for answer in answers] == ["mfa_required", "login_failed", None]
    assert [Api(rosa).post("/auth/login", body | {"code": spare}).status_code for _ in range(2)] == [200, 401]


def test_a_passkey_alone_is_a_second_factor_too(rosa, staff):
    Authenticator.objects.create(user=staff, type=Authenticator.Type.WEBAUTHN, data={})
    body = {"email": staff.email, "password": PASSWORD}

    answers = [Api(rosa).post("/auth/login", body | extra).json()["code"] for extra in ({}, {"code": "123456"})]

    assert answers == ["mfa_required", "login_failed"]


def test_registering_asks_to_confirm_the_address(rosa, account_mails):
    Api(rosa).post("/auth/register", NEW)

    assert [mail.to for mail in account_mails()] == [["new@person.example"]]
    assert User.objects.get(email="new@person.example").emailaddress_set.get().verified is False


def test_a_wrong_method_and_a_wrong_kind_of_body_are_named(rosa):
    wrong_method = Api(rosa).get("/auth/login")
    form = Api(rosa).client.post("/auth/login", {"email": "a@b.example"})

    assert (wrong_method.status_code, wrong_method.json()["code"]) == (405, "method_not_allowed")
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")


def test_what_nobody_expected_is_a_500_that_tells_nothing(rosa, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("the secret is swordfish")

    monkeypatch.setattr("tenants.api.accounts.sign_in", fail)
    api = Api(rosa)
    api.client.raise_request_exception = False

    answer = api.post("/auth/login", {"email": "a@b.example", "password": "x"})

    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "swordfish" not in answer.text
    assert answer.json()["request_id"] == answer["X-Request-ID"]
