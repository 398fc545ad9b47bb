from datetime import date

import pytest
from django.core.exceptions import ValidationError

from bookings.fields import DayField
from bookings.forms import DetailsForm
from bookings.services import Details

TYPED = {
    "first_name": "Anna",
    "last_name": "Berg",
    "phone": "+1 212 555 0187",
    "email": "anna@example.com",
    "policies": "on",
}


def form(region="US", **changes):
    return DetailsForm(TYPED | changes, region=region)


@pytest.mark.parametrize(
    ("region", "typed", "kept"),
    [
        ("US", "(212) 555-0187", "+12125550187"),
        ("US", "+44 7400 123456", "+447400123456"),
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("FR", "0033612345678", "+33612345678"),
    ],
)
def test_phones_are_taken_as_people_write_them(region, typed, kept):
    details = form(region=region, phone=typed)

    assert details.is_valid(), details.errors
    assert details.details().phone == kept


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first_name", " ", "Please write your first name."),
        ("last_name", "", "Please write your last name."),
        ("phone", "12", "Please write the number with its area code, for example (201) 555-0123."),
        ("phone", "", "Please write your mobile number."),
        ("email", "anna@", "Please write the address in full, like name@example.com."),
        ("policies", "", "Please tick the box if you agree to the terms."),
    ],
)
def test_each_refusal_says_how_to_go_on(field, typed, said):
    assert form(**{field: typed}).errors == {field: [said]}


def test_only_four_fields_and_the_agreement_are_asked_for():
    fields = DetailsForm(region="US").fields

    assert [name for name, field in fields.items() if field.required] == [
        "first_name",
        "last_name",
        "phone",
        "email",
        "policies",
    ]


@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        ("first_name", {"type": "text", "autocomplete": "given-name"}),
        ("last_name", {"type": "text", "autocomplete": "family-name"}),
        ("phone", {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        ("email", {"type": "email", "autocomplete": "email", "inputmode": "email"}),
    ],
)
def test_browsers_can_fill_the_fields_in(field, attributes):
    html = str(DetailsForm(region="US")[field])

    assert [f'{name}="{value}"' in html for name, value in attributes.items()] == [True] * len(attributes)


def test_nothing_is_agreed_to_beforehand():
    html = DetailsForm(region="US")

    assert "checked" not in str(html["policies"]) + str(html["marketing"])


def test_details_are_tidied():
    typed = form(first_name="  Anna  Maria ", email="Anna@Example.COM", note=" shy dog ", marketing="on")

    assert typed.is_valid()
    assert typed.details() == Details(
        name="Anna Maria Berg",
        email="anna@example.com",
        phone="+12125550187",
        special_requests="shy dog",
        marketing=True,
    )


def test_texts_are_asked_for_where_the_salon_sends_some():
    asked = DetailsForm(region="US", texts=True)["texts"]

    assert "texts" not in DetailsForm(region="US").fields
    assert (asked.label, "checked" in str(asked)) == ("Text me about this visit", False)


@pytest.mark.parametrize(
    ("phone", "ticked", "refused"),
    [
        ("06 12 34 56 78", "on", {}),
        ("01 45 67 89 01", "", {}),
        (
            "01 45 67 89 01",
            "on",
            {
                "phone": [
                    "Text messages cannot be sent to this number. Write a mobile number, or go without text messages."
                ]
            },
        ),
    ],
)
def test_texts_want_a_mobile_number(phone, ticked, refused):
    typed = DetailsForm(TYPED | {"phone": phone, "texts": ticked}, region="FR", texts=True)

    assert typed.errors == refused
    if not refused:
        assert typed.details().texts is bool(ticked)


def test_nobody_agrees_to_what_was_not_asked():
    typed = form(texts="on")

    assert typed.is_valid()
    assert typed.details().texts is False


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2099, 12, 31)], ids=str)
def test_a_day_within_reach_is_taken(day):
    assert DayField().clean(day.isoformat()) == day


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_out_of_reach_is_refused(day):
    with pytest.raises(ValidationError, match="out of reach"):
        DayField().clean(day)


@pytest.mark.parametrize(
    ("sent", "kept"), [("Asia/Tokyo", "Asia/Tokyo"), ("", ""), ("Mars/Olympus", ""), ("../etc/passwd", "")], ids=str
)
def test_where_the_visitor_is_counts_where_it_is_a_zone(sent, kept):
    typed = form(zone=sent)

    assert typed.is_valid()
    assert typed.details().zone == kept
