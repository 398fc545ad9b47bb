import pytest
from django.utils import timezone

from payments.credits import services
from payments.credits.models import CreditEntry, CreditPurchase, Profile
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC


def test_the_first_read_finds_nothing_and_the_first_write_makes_a_profile(person, program):
    assert (program.get("/profile").status_code, program.get("/profile").json()["code"]) == (404, "no_profile")

    made = program.post("/profile", {"full_name": "Paula A."})

    body = made.json()
    assert made.status_code == 201
    assert {name: body[name] for name in ("id", "full_name", "credits", "stripe_customer_id")} == {
        "id": str(person.pk),
        "full_name": "Paula A.",
        "credits": 1000,
        "stripe_customer_id": None,
    }
    assert program.get("/profile").json() == body


def test_written_again_it_is_the_same_profile(program):
    first = program.post("/profile", {"full_name": "Paula"})
    again = program.post("/profile", {"full_name": "Somebody"})

    assert (again.status_code, again.json()) == (200, first.json())
    assert CreditEntry.objects.count() == 1


def test_the_name_can_be_changed(program, profile):
    answer = program.put("/profile", {"full_name": "Jane Doe"})

    assert (answer.status_code, answer.json()["full_name"]) == (200, "Jane Doe")


def test_there_is_nothing_to_change_before(program):
    assert program.put("/profile", {"full_name": "Jane"}).status_code == 404
    assert Profile.objects.count() == 0


@pytest.mark.parametrize("field", ["credits", "stripe_customer_id", "id", "user_id", "created_at", "nickname"])
@pytest.mark.parametrize("method", ["post", "put"])
def test_what_is_not_the_callers_is_refused_by_name(program, profile, method, field):
    before = Profile.objects.values().get()

    answer = getattr(program, method)("/profile", {"full_name": "Jane", field: "1500"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Profile.objects.values().get() == before


@pytest.mark.parametrize("path", ["/profile", "/dashboard"])
def test_strangers_are_asked_to_sign_in(db, path):
    assert Api(None).get(path).status_code == 401


def test_a_salons_token_is_nobodys_here(salon, owner):
    token = signed_in(salon, owner).token

    assert Api(None, token=token).get("/profile").status_code == 401


@pytest.mark.parametrize("path", ["/profile", "/dashboard", "/public-data", "/credits/"])
def test_on_a_salons_host_there_is_nothing_of_it(salon, owner, path, client_for):
    answer = client_for(salon, owner).get(path)

    # A salon's own dashboard is a page for its team, at an address with a slash.
    assert (answer.status_code, answer.headers.get("Location")) == (
        (301, "/dashboard/") if path == "/dashboard" else (404, None)
    )


def test_everybody_sees_their_own(person, program, profile, owner):
    services.spend(user=person, amount=5, reference="sms", now=timezone.now())
    other = signed_in(None, owner)
    other.post("/profile", {})

    assert (program.get("/profile").json()["credits"], other.get("/profile").json()["credits"]) == (995, 1000)


def test_the_dashboard_has_person_profile_salons_and_entries(rosa, owner):
    program = signed_in(None, owner)
    assert program.get("/dashboard").json()["profile"] is None
    program.post("/profile", {"full_name": "Rosa"})

    body = program.get("/dashboard").json()

    assert body["user"]["email"] == owner.email
    assert body["profile"]["credits"] == 1000
    assert body["salons"] == [
        {
            "tenant_id": str(rosa.pk),
            "business_name": "Rosa Studio",
            "subdomain": "rosa",
            "role": "owner",
            "status": "active",
            "url": rosa.url,
        }
    ]
    assert [(entry["kind"], entry["amount"], entry["balance_after"]) for entry in body["recent_entries"]] == [
        ("signup", 1000, 1000)
    ]


def test_public_data_is_for_everybody_and_knows_who_asks(person, program):
    stranger, known = Api(None).get("/public-data").json(), program.get("/public-data").json()

    assert (stranger["authenticated"], stranger["user"]) == (False, None)
    assert (known["authenticated"], known["user"]) == (True, {"id": str(person.pk), "email": person.email})
    assert stranger["price"] == {"amount_cents": 1199, "currency_code": "USD", "per": "month and location"}
    assert stranger["credits"]["packs"][0] == {
        "name": "small",
        "credits": 500,
        "price_cents": 500,
        "currency_code": "USD",
    }


def test_a_pack_leads_to_stripes_page(program, profile, local_stripe):
    answer = program.post("/credits/checkout", {"pack": "small"})

    body = answer.json()
    assert answer.status_code == 201
    assert body.pop("checkout_url").startswith(f"{local_stripe.base}/c/pay/")
    assert body == {
        "purchase_id": str(CreditPurchase.objects.get().pk),
        "credits": 500,
        "amount_cents": 500,
        "currency_code": "USD",
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [({"pack": "free"}, "unknown_pack"), ({}, "invalid"), ({"pack": "small", "credits": 9000}, "invalid")],
)
def test_packs_are_as_they_are(program, profile, local_stripe, body, code):
    answer = program.post("/credits/checkout", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert CreditPurchase.objects.count() == 0


def test_without_stripe_nothing_is_bought(program, profile, no_answer):
    answer = program.post("/credits/checkout", {"pack": "small"})

    assert (answer.status_code, answer.json()["code"]) == (503, "stripe_unavailable")
