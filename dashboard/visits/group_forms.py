"""Several people that staff write down in one go: who comes, what each of them wants, who books."""

from dataclasses import dataclass

from django import forms

from bookings import availability, diary
from bookings.basket import Basket
from bookings.desk.baskets import Shelf, WantedForm, make_rows, rows_said, rows_shown
from bookings.desk.forms import OverrideForm
from bookings.families import FEWEST_GUESTS, MOST_GUESTS, Order
from bookings.fields import DayField
from dashboard.visits.taking_forms import KnownCustomerForm


@dataclass(frozen=True)
class Said:
    """What was typed about one of those who come; `shown` is how many rows of services the page had."""

    name: str
    rows: list
    shown: int = 1
    party: str = ""


def prefixes(number):
    """(of a guest's own fields, of their services)"""
    return f"guest-{number}", f"guest-{number}-wanted"


def guests_said(query):
    """What `query` says of everybody who comes, in order."""
    many = query.get("guests", "")
    many = min(max(int(many) if many.isdecimal() and len(many) < 4 else 0, FEWEST_GUESTS), MOST_GUESTS)
    return [_said(query, *prefixes(number)) for number in range(1, many + 1)]


def _said(query, own, wanted):
    rows, shown = rows_said(query, wanted), rows_shown(query, wanted) or 1
    return Said(query.get(f"{own}-name", ""), rows, shown, query.get(f"{own}-party_size", ""))


class GuestForm(forms.Form):
    """One of those who come. The first may be the customer, and then needs no name."""

    name = forms.CharField(label="Who comes", max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    party_size = forms.IntegerField(label="How many they are", min_value=1, max_value=999, required=False)

    def __init__(self, data, *, number, shelf, said):
        own, wanted = prefixes(number)
        super().__init__(data, prefix=own, initial={"name": said.name, "party_size": said.party or 1})
        self.number = number
        # A row that says what it said before counts as empty: what was sent is `data` alone.
        rows = () if self.is_bound else said.rows
        self.rows = make_rows(WantedForm, data, prefix=wanted, shelf=shelf, rows=rows, at_least=said.shown)
        self.fields["name"].error_messages["required"] = "Write who comes; a first name is enough."
        if number == 1:
            self.fields["name"].required = False
            self.fields["name"].help_text = "Empty: the customer."
        if not any(each.largest_party > 1 and not each.shared_session for each in shelf.services.values()):
            self.fields["party_size"].widget = forms.HiddenInput()

    @property
    def title(self):
        return f"Guest {self.number}"

    @property
    def who(self):
        """In sentences: their name, as far as there is one."""
        typed = self.data.get(self.add_prefix("name"), "") if self.is_bound else ""
        return " ".join(typed.split()) or self.title

    def is_valid(self):
        return super().is_valid() and self.rows.is_valid()

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def basket(self):
        """What they want; None where that cannot be said yet."""
        if "party_size" in self.errors or not self.rows.is_valid():
            return None
        return Basket(self.rows.wanted, party_size=self.cleaned_data["party_size"] or 1)

    def wrong(self):
        """Sentences about the services and how many they are, each with whose they are."""
        rows = [sentence for errors in self.rows.errors for each in errors.values() for sentence in each]
        own = self.errors.get("party_size", ())
        return [f"{self.who}: {sentence}" for sentence in (*self.rows.non_form_errors(), *rows, *own)]


class GroupForm(OverrideForm, KnownCustomerForm):
    """Two to five people. The time is one of those the page has offered: `pick`, an instant."""

    field_order = ("order", "date", "override", "name", "phone", "email", "note")
    order = forms.ChoiceField(label="How they come", choices=Order.choices, widget=forms.RadioSelect)
    date = DayField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    pick = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**32,
        error_messages={"required": "Show the free times, and press one."},
    )

    def __init__(self, data=None, *, guests=None, **kwargs):
        """`guests` are what is said of everybody who comes, where that is not `data`'s to say."""
        super().__init__(data, **kwargs)
        shelf = Shelf()
        self.guests = [
            GuestForm(data, number=number, shelf=shelf, said=said)
            for number, said in enumerate(guests or guests_said(data or {}), 1)
        ]
        self.fields["email"].help_text = "One confirmation with all visits goes there."

    @classmethod
    def filled(cls, query, guests, *, initial, **kwargs):
        """A form that shows what `query` says of the booking and `guests` of who comes, and judges nothing yet."""
        given = {name: query[name] for name in cls.base_fields if query.get(name)}
        return cls(initial={"order": Order.TOGETHER, **initial, **given}, guests=guests, **kwargs)

    @property
    def may_grow(self):
        return len(self.guests) < MOST_GUESTS

    @property
    def may_shrink(self):
        return len(self.guests) > FEWEST_GUESTS

    @property
    def wrong_parts(self):
        """The forms inside with something to put right, each with `whose` it is."""
        if not self.is_bound:
            return []
        parts = [(guest.who, part) for guest in self.guests for part in (guest, *guest.rows) if part.errors]
        for whose, part in parts:
            part.whose = whose
        return [part for _, part in parts]

    def is_valid(self):
        # All of them, so that everything wrong is said at once.
        return all([super().is_valid(), *[guest.is_valid() for guest in self.guests]])

    def clean(self):
        """What is wrong with somebody's services as a whole is said with the rest."""
        data = super().clean()
        for guest in self.guests:
            for sentence in guest.rows.non_form_errors():
                self.add_error(None, f"{guest.who}: {sentence}")
        return data

    def baskets(self):
        """What each of them wants, in order; None where that cannot be said of all."""
        found = [guest.basket() for guest in self.guests]
        return found if all(found) else None

    def names(self):
        return [guest.cleaned_data["name"] for guest in self.guests]

    def start(self):
        return availability.instant(self.cleaned_data["pick"])

    def params(self):
        """What makes a repeated request the same request."""
        wanted = [
            [
                basket.party_size,
                *((str(each.service.pk), str(each.team_member and each.team_member.pk)) for each in basket.wanted),
            ]
            for basket in self.baskets()
        ]
        said = {name: str(value) for name, value in self.cleaned_data.items() if name not in ("key", "who", "customer")}
        customer = str(self.known.pk) if self.known else ""
        return said | {"customer": customer, "guests": list(zip(self.names(), wanted, strict=True))}

    def joined(self):
        return diary.joined(self.baskets())
