import pytest

from tenants.models import TenantBilling
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
PATH = "/api/payments/stripe/connect/setup"


def test_the_owner_gets_the_way_to_stripe(salon, owner, local_stripe):
    answer = signed_in(salon, owner).post(PATH)

    billing = TenantBilling.objects.get(business=salon)
    body = answer.json()
    assert answer.status_code == 200
    assert body.pop("account_link_url").startswith(local_stripe.base)
    assert body == {
        "stripe_account_id": billing.stripe_account_id,
        "connect_status": "pending",
        "charges_enabled": False,
        "details_submitted": False,
        "subscription_status": "trial",
    }


def test_a_program_may_say_where_stripe_sends_the_owner(salon, owner, local_stripe, client_for):
    body = {"return_url": "https://shop.example/done", "refresh_url": "https://shop.example/again"}

    assert signed_in(salon, owner).post(PATH, body).status_code == 200
    assert signed_in(salon, owner).post(PATH, body | {"return_url": "javascript:alert(1)"}).status_code == 400


@pytest.mark.parametrize("field", ["charges_enabled", "stripe_account_id", "country"])
def test_fields_that_are_not_the_callers_are_refused(salon, owner, local_stripe, field):
    answer = signed_in(salon, owner).post(PATH, {field: "acct_1"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert local_stripe.calls("/v1/accounts") == 0


@pytest.mark.parametrize("role", ["viewer", "staff", "admin"])
def test_other_roles_may_not(salon, member, local_stripe, role):
    assert signed_in(salon, member(role)).post(PATH).status_code == 403
    assert local_stripe.calls("/v1/accounts") == 0


def test_strangers_find_nothing(salon, other_salon, member, local_stripe):
    outsider = member("owner", other_salon)

    assert Api(salon).post(PATH).status_code == 401
    assert signed_in(salon, outsider).post(PATH).status_code == 404
    assert Api(None).post(PATH).status_code == 404
    assert local_stripe.calls("/v1/accounts") == 0


def test_without_stripe_it_is_said(salon, owner, no_answer):
    answer = signed_in(salon, owner).post(PATH)

    assert (answer.status_code, answer.json()["code"]) == (503, "stripe_unavailable")
