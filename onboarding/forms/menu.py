"""Step 6: rows of services, one service, one category."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from bookings.admin.fields import MoneyField
from onboarding import colors, reading
from onboarding.forms.branding import ColorField
from onboarding.forms.business import text
from tenants.money import EXPONENTS

MAX_CENTS = 100_000_000
MOST_ROWS = 40


class PriceField(MoneyField):
    """A price in the salon's currency, written as people write it: `85`, `$85`, `85,50`."""

    def __init__(self, *, currency, **kwargs):
        self.currency = currency
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
        messages = {"required": reading.NO_PRICE, "max_value": "The price is too high."}
        super().__init__(
            currency=currency,
            max_cents=MAX_CENTS,
            label=f"Price in {currency}",
            widget=widget,
            error_messages=messages,
            **kwargs,
        )

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return Decimal(reading.cents(str(value), currency=self.currency)).scaleb(-self.exponent)
        except reading.Unreadable as exc:
            raise ValidationError(str(exc)) from exc


class MinutesField(forms.IntegerField):
    """How long something takes: `45`, and `1:30` or `1 h 30` where somebody writes it so."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 5})
        message = "A service takes 5 minutes at least, and 24 hours at most."
        messages = {"required": reading.NO_LENGTH, "min_value": message, "max_value": message}
        super().__init__(
            label="Minutes", min_value=5, max_value=24 * 60, widget=widget, error_messages=messages, **kwargs
        )

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return reading.minutes(str(value))
        except reading.Unreadable as exc:
            raise ValidationError(str(exc)) from exc


def category_field():
    """A heading that is there, or a new one: typed, with those that are there as suggestions."""
    return text("Category", most=80, required=False, autocomplete="off", list="categories")


class ServiceRow(forms.Form):
    """One service in a list of several. An offered one counts when it is ticked, another when something is written."""

    offered = forms.BooleanField(required=False, widget=forms.HiddenInput)
    take = forms.BooleanField(label="Offer it", required=False)
    name = text("Service", most=120, autocomplete="off")
    category = category_field()
    duration_min = MinutesField()

    def __init__(self, *args, currency, unread=False, **kwargs):
        # What counts is said by `is_wanted`: an offer that is taken as it stands is an answer.
        super().__init__(*args, **kwargs | {"empty_permitted": False})
        self.unread = unread
        self.fields["price_cents"] = PriceField(currency=currency)

    @property
    def is_offered(self):
        return bool(self["offered"].value())

    def is_wanted(self):
        if self.is_offered:
            return bool(self["take"].value())
        return any(str(self[name].value() or "").strip() for name in ("name", "duration_min", "price_cents"))

    def full_clean(self):
        if self.is_bound and (self.unread or not self.is_wanted()):
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
            return
        super().full_clean()

    def service(self):
        """The row as `services.save_services` takes it."""
        return {name: self.cleaned_data[name] for name in ("category", "name", "duration_min", "price_cents")}


class RowsOfServices(forms.BaseFormSet):
    """Several services at once. Without scripts, `add` in the data brings the page back with one row more."""

    def __init__(self, data=None, *, currency, offers=()):
        more = data is not None and "add" in data
        if more:
            data = data.copy()
            data["rows-TOTAL_FORMS"] = _one_more(data.get("rows-TOTAL_FORMS"))
        super().__init__(data, initial=offers, prefix="rows", form_kwargs={"currency": currency, "unread": more})

    def wanted(self):
        return [row for row in self.forms if row.is_wanted()]

    def services(self):
        return [row.service() for row in self.wanted()]

    def tell(self, refused):
        """`refused` is place among the wanted ones → field → sentence."""
        wanted = self.wanted()
        for place, sentences in refused.items():
            for field, sentence in sentences.items():
                wanted[place].add_error(field if field in wanted[place].fields else "name", sentence)

    def problems(self):
        """What is wrong, row by row: (the field's id, what to read)."""
        return [
            (row[name].id_for_label, f"{row['name'].value() or f'Row {place}'}, {_inside(row[name].label)}: {sentence}")
            for place, row in enumerate(self.forms, 1)
            for name, sentences in row.errors.items()
            for sentence in sentences
        ]

    @property
    def is_full(self):
        return self.total_form_count() >= self.max_num


ServiceRows = forms.formset_factory(
    ServiceRow, formset=RowsOfServices, extra=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def _inside(label):
    """A label within a sentence."""
    return label[:1].lower() + label[1:]


def _one_more(told):
    number = int(told) if str(told).isdecimal() and len(str(told)) < 4 else 0
    return str(min(number + 1, MOST_ROWS))


def offers_of(starter, currency):
    """A starter's services as rows that are ticked already."""
    exponent = EXPONENTS.get(currency, 2)
    return [
        {
            "offered": True,
            "take": True,
            "category": category,
            "name": offer.name,
            "duration_min": offer.minutes,
            "price_cents": offer.price_cents(exponent),
        }
        for category, offers in starter.categories
        for offer in offers
    ]


class ServiceForm(forms.Form):
    """One service: what is changed most."""

    name = text("Service", most=120, autocomplete="off")
    category = category_field()
    duration_min = MinutesField()
    description = forms.CharField(
        label="Description", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    people = forms.MultipleChoiceField(label="Who performs it", required=False, widget=forms.CheckboxSelectMultiple)
    active = forms.BooleanField(label="It can be booked", required=False)

    halves = ("duration_min", "price_cents")

    def __init__(self, data=None, *, service, team, currency):
        self.before = {str(own.team_member_id): own for own in service.assignments.select_related("team_member")}
        self.team = {str(member.pk): member for member in team}
        initial = {
            name: getattr(service, name) for name in ("name", "duration_min", "price_cents", "description", "active")
        }
        initial |= {"category": service.category.name if service.category else "", "people": list(self.before)}
        super().__init__(data, initial=initial)
        self.fields["price_cents"] = PriceField(currency=currency)
        self.fields["people"].choices = [(pk, member.name) for pk, member in self.team.items()]
        self.order_fields(["name", "category", "duration_min", "price_cents", "description", "people", "active"])
        if not team:
            del self.fields["people"]

    def values(self):
        """The answer as `services.change_offer` takes it."""
        data = dict(self.cleaned_data)
        people = data.pop("people", None)
        return {"category": data.pop("category"), "fields": data, "team_members": self._performers(people)}

    def _performers(self, people):
        """Who is ticked, with the price and length each has of their own, and who is not on the page; None for no change."""
        shown = {pk for pk in self.before if pk in self.team}
        if people is None or set(people) == shown:
            return None
        kept = [pk for pk in self.before if pk not in self.team]
        return [self._own(pk) for pk in [*people, *kept]]

    def _own(self, pk):
        own = self.before.get(pk)
        if own is None:
            return {"team_member": self.team[pk]}
        return {"team_member": own.team_member, "price_cents": own.price_cents, "duration_min": own.duration_min}


class CategoryForm(forms.Form):
    """A heading of the menu."""

    name = text("Category", most=80, autocomplete="off")
    color = ColorField(label="Colour in your calendar", ready=colors.READY)

    def color_fields(self):
        return [{"field": self["color"], "shown": colors.read(self["color"].value() or "") or colors.READY[0][0]}]


class FileForm(forms.Form):
    """The table to import."""

    file = forms.FileField(
        label="CSV file",
        help_text="At most 1 MB and 500 lines. The first line names the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"required": "Please choose a file.", "empty": "The file is empty."},
    )


class ColumnsForm(forms.Form):
    """Which of a file's columns means what."""

    ASKED = (
        ("name", "Service"),
        ("duration_min", "Minutes"),
        ("price_cents", "Price"),
        ("category", "Category"),
        ("description", "Description"),
    )
    needed = ("name", "duration_min", "price_cents")

    def __init__(self, data=None, *, columns, mapping):
        initial = {name: "" if place is None else str(place) for name, place in mapping.items()}
        super().__init__(data, initial=initial, prefix="column")
        choices = [(str(place), name or f"Column {place + 1}") for place, name in enumerate(columns)]
        for name, label in self.ASKED:
            needed = name in self.needed
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=needed,
                choices=[("", "Choose a column" if needed else "Not in the file"), *choices],
                error_messages={"required": f"Say which column has it: {label.lower()}."},
            )

    def mapping(self):
        return {name: int(place) if place else None for name, place in self.cleaned_data.items()}
