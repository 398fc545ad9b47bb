"""The policies page of the salon's admin, and a service's own deposit."""

import pytest

from audit.models import AuditEntry
from bookings.models import Service
from bookings.tests.factories import make_member, make_service
from bookings.tests.test_admin_settings import change, faults, service_form
from tenants.models import Business, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
POLICIES = "/admin/policies/"


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="admin": client_for(salon, member(role))


def policies_form(**fields):
    """The page as it stands for a salon that has changed nothing."""
    data = {
        "cancellation_window_hours": 24,
        "cancellation_fee_type": "none",
        "cancellation_fee_cents": "0.00",
        "cancellation_fee_percent": 0,
        "no_show_fee_type": "none",
        "no_show_fee_cents": "0.00",
        "no_show_fee_percent": 0,
        "late_arrival_min": 0,
        "deposit_type": "none",
        "deposit_cents": "0.00",
        "deposit_percent": 0,
        "deposit_for": "everyone",
        "require_card": "on",
        "gift_card_months": 60,
    }
    return data | fields


def stored(*names):
    return Business.objects.values_list(*names).get(slug="rosa")


def said(client):
    return [str(message) for message in client.get(POLICIES).context["messages"]]


def test_a_page_sent_back_as_it_came_changes_nothing(desk):
    client = desk()

    answer = client.post(POLICIES, policies_form())

    assert (answer.status_code, said(client), AuditEntry.objects.count()) == (302, ["Nothing was changed."], 0)


def test_policies_are_written_as_people_write_them(desk):
    client = desk()

    answer = client.post(
        POLICIES,
        policies_form(
            cancellation_window_hours=48,
            cancellation_fee_type="percent",
            cancellation_fee_percent=50,
            no_show_fee_type="fixed",
            no_show_fee_cents="35.50",
            no_show_fee_percent="",
            deposit_type="fixed",
            deposit_cents="20",
            deposit_for="new_or_missed",
            hold_near_visits="on",
            refund_text="Within a week.",
        ),
    )

    assert answer.status_code == 302
    assert stored("cancellation_window_hours", "cancellation_fee_type", "cancellation_fee_percent") == (
        48,
        "percent",
        50,
    )
    assert stored("no_show_fee_type", "no_show_fee_cents") == ("fixed", 3550)
    assert stored("deposit_type", "deposit_cents", "deposit_for") == ("fixed", 2000, "new_or_missed")
    assert stored("hold_near_visits", "require_card", "refund_text") == (True, True, "Within a week.")
    assert said(client) == ["Saved. It holds for visits booked from now on; what was agreed to before stays."]
    assert AuditEntry.objects.get().action == "policies.changed"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"no_show_fee_percent": 101},
            {"no_show_fee_percent": ["A share of the price is at most 100 percent."]},
        ),
        (
            {"deposit_type": "fixed", "no_show_fee_type": "percent"},
            {
                "deposit_cents": ["Write how much the deposit is, or choose that there is none."],
                "no_show_fee_percent": [
                    "Write which share of the price the fee for not coming is, or choose that there is none."
                ],
            },
        ),
        (
            {"deposit_for": "friends"},
            {"deposit_for": ["Select a valid choice. friends is not one of the available choices."]},
        ),
        ({"late_arrival_min": 241}, {"late_arrival_min": ["Ensure this value is less than or equal to 240."]}),
    ],
)
def test_what_contradicts_itself_is_said_at_its_field(desk, fields, found):
    answer = desk().post(POLICIES, policies_form(**fields))

    assert (answer.status_code, faults(answer)) == (200, found)
    assert "Nothing was saved. Please correct what is marked below." in answer.text
    assert (stored("no_show_fee_type"), AuditEntry.objects.count()) == (("none",), 0)


def test_a_preset_is_filled_in_and_not_saved(desk):
    answer = desk().get(POLICIES, {"start": "full"})

    form = answer.context["form"]
    assert [
        form[name].value() for name in ("cancellation_window_hours", "cancellation_fee_percent", "late_arrival_min")
    ] == [
        48,
        100,
        0,
    ]
    assert "Filled in, not saved yet." in answer.text
    assert stored("cancellation_window_hours", "cancellation_fee_type") == (24, "none")


@pytest.mark.parametrize("start", ["", "nonsense", "full"])
def test_only_a_preset_there_is_and_only_for_those_who_may_save_it(desk, start):
    client = desk("admin" if start != "full" else "staff")

    assert client.get(POLICIES, {"start": start}).context["start"] is None


def test_the_page_shows_what_customers_read(salon, cut, ann, desk):
    example = desk().get(POLICIES, {"start": "half"}).context["example"]

    assert example.visit.startswith("Cut, $50.00, ")
    assert example.sentences[0].endswith("; after that it costs $25.00.")
    assert example.sentences[1:] == ["If you do not come, $50.00 is due."]


def test_the_example_has_the_deposit_of_new_customers(salon, cut, ann, desk):
    Business.objects.filter(pk=salon.pk).update(deposit_type="percent", deposit_percent=40, deposit_for="new")
    TenantBilling.objects.filter(business=salon).update(charges_enabled=True)

    sentences = desk().get(POLICIES).context["example"].sentences

    assert sentences[0] == "Your card is saved, not charged. $50.00 is charged when your visit is done."
    assert sentences[-1].startswith(
        "If this is your first visit here (we go by e-mail address and mobile number), $20.00"
    )


def test_without_a_service_there_is_no_example(salon, desk):
    assert desk().get(POLICIES).context["example"] is None


def test_what_is_probably_not_meant_stands_on_the_page(salon, cut, desk):
    client = desk()
    client.post(POLICIES, policies_form(deposit_type="fixed", deposit_cents="80"))

    assert client.get(POLICIES).context["warnings"] == [
        "The deposit is more than your dearest service costs. Nobody pays more than the price.",
        "Your Stripe account takes no charges yet. Until it does, no card and so no deposit is asked for.",
    ]


@pytest.mark.parametrize("role", ["viewer", "staff"])
def test_policies_are_read_by_all_and_saved_by_managers(desk, role):
    client = desk(role)

    assert "Owners and admins of the salon can change these policies." in client.get(POLICIES).text
    assert client.post(POLICIES, policies_form(late_arrival_min=15)).status_code == 403
    assert stored("late_arrival_min") == (0,)


def test_strangers_are_sent_to_sign_in_and_members_of_another_salon_find_nothing(
    salon, other_salon, client_for, member
):
    assert client_for(salon).get(POLICIES).status_code == 302
    assert client_for(salon, member("admin", other_salon)).get(POLICIES).status_code == 404


# A service's own deposit -----------------------------------------------------------------------


def test_a_service_may_have_its_own_deposit(cut, desk):
    answer = desk().post(
        change("service", cut), service_form(performed=[], offered=[], deposit_type="percent", deposit_percent=25)
    )

    assert answer.status_code == 302
    assert Service.objects.values_list("deposit_type", "deposit_percent").get() == ("percent", 25)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"deposit_type": "fixed"},
            {"deposit_cents": ["Write how much the deposit is, or choose that there is none."]},
        ),
        (
            {"deposit_type": "fixed", "deposit_cents": "50.01"},
            {"deposit_cents": ["The deposit is more than the service costs, $50.00."]},
        ),
        (
            {"deposit_type": "percent", "deposit_percent": 101},
            {"deposit_percent": ["A share of the price is at most 100 percent."]},
        ),
    ],
)
def test_a_services_deposit_that_makes_no_sense_is_refused(cut, desk, fields, found):
    answer = desk().post(change("service", cut), service_form(performed=[], offered=[], **fields))

    assert faults(answer) == found
    assert Service.objects.get().deposit_type == ""


def test_a_deposit_up_to_the_dearest_persons_price_is_possible(salon, cut, desk):
    make_member(performs=[cut]).assignments.update(price_cents=9000)
    fields = {"deposit_type": "fixed", "deposit_cents": "90"}
    row = {"id": cut.assignments.get().pk, "team_member": cut.assignments.get().team_member_id, "price_cents": "90.00"}
    form = service_form(offered=[], **fields) | {"assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 1}
    form |= {f"assignments-0-{name}": value for name, value in row.items()}

    answer = desk().post(change("service", cut), form | {"assignments-0-service": cut.pk})

    assert answer.status_code == 302
    assert Service.objects.get(pk=cut.pk).deposit_cents == 9000


def test_a_new_service_asks_what_the_salon_asks(salon, desk):
    make_service("Old")

    assert desk().post("/admin/bookings/service/add/", service_form(performed=[], offered=[])).status_code == 302
    assert Service.objects.get(name="Cut").deposit_type == ""
