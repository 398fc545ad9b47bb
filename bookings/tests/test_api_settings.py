"""`/api/v1/admin/settings`: read and changed by owners and admins, strictly, all of it or nothing."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from audit.models import AuditEntry
from bookings.tests.factories import at, make_booking
from tenants.models import Business
from tenants.tests.api import Api, signed_in

PATH = "/api/v1/admin/settings"


@pytest.fixture
def api(works_here):
    return works_here("admin")


def stored(salon):
    return Business.objects.get(pk=salon.pk)


def test_everything_is_shown_where_it_is_written(salon, api):
    body = api.get(PATH).json()

    assert body["policies"] == {
        "cancellation": {"window_hours": 24, "fee_type": "none", "fee_cents": 0, "fee_percent": 0, "text": ""},
        "no_show": {"fee_type": "none", "fee_cents": 0, "fee_percent": 0, "text": ""},
        "refund": {"text": ""},
        "late_arrival": {"after_min": 0, "text": ""},
        "deposit": {"fee_type": "none", "fee_cents": 0, "fee_percent": 0, "asked_of": "everyone"},
        "card": {"required": True, "hold_near_visits": False},
        "gift_cards": {"sold_online": False, "valid_months": 60, "pay_fees": False},
    }
    assert body["booking"] == {
        "min_notice_min": 60,
        "horizon_days": 60,
        "slot_step_min": 15,
        "gap_offers": "off",
        "hard_edges": False,
        "max_wait_min": 0,
        "auto_confirm": True,
        "allow_double_visits": False,
    }
    assert sorted(body["address"]) == ["city", "country", "line1", "line2", "postal_code", "region"]
    assert {name: body[name] for name in ("timezone", "currency_code", "logo_url", "warnings")} == {
        "timezone": "America/New_York",
        "currency_code": "USD",
        "logo_url": None,
        "warnings": [],
    }
    assert sorted(
        set(body) - {"policies", "booking", "address", "timezone", "currency_code", "logo_url", "warnings"}
    ) == [
        "category",
        "description",
        "email",
        "font",
        "legal_name",
        "name",
        "phone",
        "primary_color",
        "secondary_color",
    ]


def test_what_is_written_is_read_back_and_the_rest_stays(salon, api):
    body = {
        "policies": {
            "cancellation": {"window_hours": 48, "fee_type": "percent", "fee_percent": 50},
            "no_show": {"fee_type": "fixed", "fee_cents": 5000, "text": "Please call."},
            "deposit": {"fee_type": "fixed", "fee_cents": 2000, "asked_of": "new"},
            "late_arrival": {"after_min": 15},
            "gift_cards": {"valid_months": 36},
        },
        "booking": {"slot_step_min": 30, "auto_confirm": False},
        "phone": "(212) 555-0142",
        "address": {"line1": "1 Main Street", "country": "us"},
        "primary_color": "#123456",
        "font": "serif",
    }

    answer = api.patch(PATH, body)

    assert (answer.status_code, answer.json()) == (200, api.get(PATH).json())
    kept = stored(salon)
    assert (kept.cancellation_window_hours, kept.cancellation_fee_type, kept.cancellation_fee_percent) == (
        48,
        "percent",
        50,
    )
    assert (kept.no_show_fee_cents, kept.no_show_text, kept.deposit_for) == (5000, "Please call.", "new")
    assert (kept.late_arrival_min, kept.gift_card_months, kept.slot_step_min, kept.auto_confirm) == (15, 36, 30, False)
    assert (kept.phone, kept.address_line1, kept.country, kept.primary_color, kept.font) == (
        "+12125550142",
        "1 Main Street",
        "US",
        "#123456",
        "serif",
    )
    assert (kept.horizon_days, kept.refund_text) == (60, "")
    assert sorted(AuditEntry.objects.values_list("action", flat=True)) == [
        "booking_rules.changed",
        "policies.changed",
        "salon.changed",
    ]


def test_an_empty_change_changes_nothing(salon, api):
    before = api.get(PATH).json()

    assert api.patch(PATH, {}).json() == before
    assert AuditEntry.objects.count() == 0


def test_what_is_probably_not_meant_is_said_with_the_answer(salon, cut, api):
    answer = api.patch(PATH, {"policies": {"deposit": {"fee_type": "percent", "fee_percent": 20}}})

    assert answer.json()["warnings"] == [
        "Your Stripe account takes no charges yet. Until it does, no card and so no deposit is asked for."
    ]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"colour": "#123456"}, {"colour": ["This field is not known."]}),
        ({"logo_url": "https://example.com/a.png"}, {"logo_url": ["This field is not known."]}),
        (
            {"policies": {"cancellation": {"hours": 24}}},
            {"policies": {"cancellation": {"hours": ["This field is not known."]}}},
        ),
        (
            {"policies": {"no_show": {"fee_percent": 101}}},
            {"policies": {"no_show": {"fee_percent": ["A share of the price is at most 100 percent."]}}},
        ),
        ({"booking": {"max_wait_min": 7}}, {"booking": {"max_wait_min": ["Write a multiple of 5 minutes."]}}),
        ({"timezone": "Mars/Phobos"}, {"timezone": ["“Mars/Phobos” is not a time zone."]}),
        ({"currency_code": "XYZ"}, {"currency_code": ["Write the currency as three letters, for example USD."]}),
        (
            {"address": {"country": "ZZ"}},
            {"address": {"country": ["Write the country as two letters, for example US."]}},
        ),
        ({"primary_color": "red"}, {"primary_color": ["Write the colour as # and six hexadecimal digits."]}),
    ],
)
def test_what_is_misspelt_or_out_of_range_is_named(salon, api, body, errors):
    answer = api.patch(PATH, body | {"email": "new@rosa.example"})

    assert (answer.status_code, answer.json()["errors"]) == (400, errors)
    assert stored(salon).email != "new@rosa.example"


@pytest.mark.parametrize(
    ("body", "code", "errors"),
    [
        (
            {"policies": {"deposit": {"fee_type": "fixed"}}},
            "policies_contradict",
            {"policies": {"deposit": {"fee_cents": ["Write how much the deposit is, or choose that there is none."]}}},
        ),
        (
            {"booking": {"min_notice_min": 2881, "horizon_days": 2}},
            "rules_contradict",
            {
                "booking": {
                    "min_notice_min": [
                        "A notice of 2 days 1 min reaches beyond the furthest date, 2 days ahead: nothing could be booked. "
                        "Shorten the notice, or allow more days."
                    ]
                }
            },
        ),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_was_written(salon, api, body, code, errors):
    answer = api.patch(PATH, body | {"email": "new@rosa.example"})

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"]) == (422, code, errors)
    assert stored(salon).email != "new@rosa.example"


def test_a_new_zone_asks_what_becomes_of_coming_visits(salon, cut, ann, api):
    booking = make_booking(salon, cut, at(salon))

    asked = api.patch(PATH, {"timezone": "America/Chicago"})
    done = api.patch(PATH, {"timezone": "America/Chicago", "keep_visits": "instants"})

    assert (asked.status_code, asked.json()["code"], asked.json()["visits"]) == (422, "zone_undecided", 1)
    assert (done.status_code, done.json()["timezone"]) == (200, "America/Chicago")
    booking.refresh_from_db()
    assert (booking.booking_tz, booking.start_at > timezone.now()) == ("America/Chicago", True)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 200), ("owner", 200)])
def test_owners_and_admins_alone(salon, works_here, owner, role, status):
    api = signed_in(salon, owner) if role == "owner" else works_here(role)

    assert [api.get(PATH).status_code, api.patch(PATH, {"font": "rounded"}).status_code] == [status, status]
    assert (stored(salon).font == "rounded") is (status == 200)


def test_nobody_elses_settings(salon, other_salon, member):
    stranger = signed_in(other_salon, member("admin", other_salon))

    assert Api(salon).get(PATH).status_code == 401
    assert Api(salon, token=stranger.token).patch(PATH, {"font": "rounded"}).status_code == 401
    assert stranger.patch(PATH, {"font": "rounded"}).status_code == 200
    assert (stored(salon).font, Business.objects.get(pk=other_salon.pk).font) == ("sans", "rounded")


# The logo, which comes in a form ---------------------------------------------------------------


def send_form(api, **fields):
    """A PATCH as a browser's form would be, if browsers could."""
    body = encode_multipart(BOUNDARY, fields)
    headers = {"Authorization": f"Bearer {api.token}"}
    return api.client.patch(PATH, body, content_type=MULTIPART_CONTENT, headers=headers)


def picture(color="red", name="logo.png"):
    out = BytesIO()
    Image.new("RGB", (8, 8), color).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_logo_comes_with_the_colours_and_goes_with_null(salon, api, media):
    answer = send_form(api, logo=picture(), primary_color="#123456")

    kept = stored(salon)
    assert (answer.status_code, kept.primary_color) == (200, "#123456")
    assert answer.json()["logo_url"] == kept.url + kept.logo.url
    assert api.patch(PATH, {"logo": None}).json()["logo_url"] is None
    assert stored(salon).logo.name == ""
    assert AuditEntry.objects.filter(action="salon.changed").count() == 3


@pytest.mark.parametrize(
    "logo",
    [
        SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        SimpleUploadedFile("logo.png", b"not a picture", "image/png"),
    ],
    ids=["svg", "no picture"],
)
def test_what_is_no_picture_changes_nothing(salon, api, media, logo):
    answer = send_form(api, logo=logo, primary_color="#123456")

    assert (answer.status_code, answer.json()["code"]) == (422, "image_refused")
    assert (stored(salon).logo.name, stored(salon).primary_color) == ("", "#7c3f58")
    assert AuditEntry.objects.count() == 0


def test_a_picture_that_is_too_large_is_refused_unread(salon, api, media):
    large = SimpleUploadedFile("logo.png", b"0" * (5 * 1024 * 1024 + 1), "image/png")
    larger = SimpleUploadedFile("logo.png", b"0" * (7 * 1024 * 1024), "image/png")

    answers = [send_form(api, logo=each) for each in (large, larger)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert stored(salon).logo.name == ""
