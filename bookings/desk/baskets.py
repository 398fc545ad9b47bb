"""Several services in one form: rows of a service and a person, read as a `Basket`."""

from functools import cache

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from bookings import words
from bookings.basket import MOST_SERVICES, Basket, Wanted
from bookings.models import Service, ServiceTeamAssignment, TeamMember

PREFIX = "wanted"


class Shelf:
    """What the rows of one page offer, read once for all of them."""

    def __init__(self):
        self.services = {str(service.pk): service for service in Service.objects.bookable()}
        self.people = {str(member.pk): member for member in TeamMember.objects.filter(is_active=True)}

    @property
    def takes_parties(self):
        """Whether any service is booked for several at once."""
        return any(service.largest_party > 1 for service in self.services.values())


def choice(label, rows, empty):
    """A field that chooses one of `rows` ({id: object}); None where the empty choice is taken."""
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", empty), *((key, str(row)) for key, row in rows.items())],
        coerce=rows.get,
        empty_value=None,
    )


class WantedForm(forms.Form):
    """One service of the visit."""

    def __init__(self, *args, shelf, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"] = choice("Service", shelf.services, "Choose a service")
        self.fields["team_member"] = choice("With", shelf.people, "Whoever is free")

    def clean(self):
        data = super().clean()
        if data.get("team_member") and not data.get("service") and not self.errors:
            self.add_error("service", "Choose what this person does.")
        return data


class WantedRows(BaseFormSet):
    """The services of a visit in order; empty rows do not count."""

    def clean(self):
        rows = [row for row in self.forms if row.is_valid() and row.cleaned_data.get("service")]
        if not rows and not any(row.errors for row in self.forms):
            raise forms.ValidationError("Choose a service.")
        able = self._able(rows)
        for row in rows:
            service, member = row.cleaned_data["service"], row.cleaned_data.get("team_member")
            if member and (service.pk, member.pk) not in able:
                row.add_error("team_member", f"{member} does not perform {service}.")
        self.wanted = tuple(Wanted(row.cleaned_data["service"], row.cleaned_data.get("team_member")) for row in rows)

    def _able(self, rows):
        """The (service id, person id) of the rows that go together; asked for only where somebody is named."""
        if not any(row.cleaned_data.get("team_member") for row in rows):
            return set()
        services = [row.cleaned_data["service"].pk for row in rows]
        return set(ServiceTeamAssignment.objects.filter(service__in=services).values_list("service", "team_member"))


@cache
def rows_of(row_class):
    """The formset of a visit's services, each a `row_class`."""
    return forms.formset_factory(
        row_class, formset=WantedRows, extra=0, max_num=MOST_SERVICES, absolute_max=MOST_SERVICES, validate_max=True
    )


def make_rows(row_class, data, *, prefix, shelf, rows=(), at_least=1):
    """The services of one visit under `prefix`; `rows` and `at_least` as in `BasketForm`."""
    made = rows_of(row_class)(data, prefix=prefix, initial=list(rows), form_kwargs={"shelf": shelf})
    made.extra = min(MOST_SERVICES, max(at_least, len(rows))) - len(rows)
    return made


def rows_said(query, prefix):
    """The initial values of rows that `query` fills in, without the empty ones at the end."""
    rows = [
        {name: query.get(f"{prefix}-{number}-{name}", "") for name in ("service", "team_member")}
        for number in range(MOST_SERVICES)
    ]
    while rows and not any(rows[-1].values()):
        rows.pop()
    return rows


def rows_shown(query, prefix):
    """How many rows the page had, 0 where that was not said."""
    said = query.get(f"{prefix}-TOTAL_FORMS", "")
    return min(int(said), MOST_SERVICES) if said.isdecimal() and len(said) < 4 else 0


class BasketForm(forms.Form):
    """What a visit consists of. A valid form has `basket` in its cleaned data; `rows` are drawn by `_wanted.html`."""

    party_size = forms.IntegerField(label="Guests", min_value=1, max_value=999, initial=1)
    together = forms.BooleanField(label="At the same time where possible", required=False)

    class Media:
        js = ("js/rows.js",)

    def __init__(self, data=None, *, initial=None, rows=(), at_least=1, **kwargs):
        """`rows` are the initial values of the first rows; empty ones follow, up to `at_least` in all."""
        super().__init__(data, initial=initial, **kwargs)
        shelf = Shelf()
        self.rows = make_rows(self.row_class(), data, prefix=PREFIX, shelf=shelf, rows=rows, at_least=at_least)
        if not shelf.takes_parties:
            self.fields["party_size"].required = False
            self.fields["party_size"].widget = forms.HiddenInput()
        if sum(service.parallel_ok for service in shelf.services.values()) < 2:
            self.fields["together"].widget = forms.HiddenInput()

    @classmethod
    def row_class(cls):
        return WantedForm

    @classmethod
    def filled(cls, query, *, initial=(), **kwargs):
        """A form that shows what `query` says, by the form's own names, and judges nothing yet.

        With `more` in it, one row longer than it was.
        """
        rows = rows_said(query, PREFIX)
        given = {name: query[name] for name in cls.base_fields if query.get(name)}
        if "more" in query:
            kwargs["at_least"] = rows_shown(query, PREFIX) + 1
        return cls(initial={**dict(initial), **given}, rows=rows, **kwargs)

    def is_valid(self):
        return super().is_valid() and self.rows.is_valid()

    def clean(self):
        data = super().clean()
        if self.rows.is_valid():
            data["basket"] = Basket(self.rows.wanted, data.get("party_size") or 1, data.get("together", False))
        return data


def query_of(*, basket, start, **more):
    """The query string that fills in these forms; `start` is an aware instant on the salon's wall."""
    query = QueryDict(mutable=True)
    query.update({f"{PREFIX}-TOTAL_FORMS": len(basket.wanted), f"{PREFIX}-INITIAL_FORMS": 0})
    for number, wanted in enumerate(basket.wanted):
        query[f"{PREFIX}-{number}-service"] = wanted.service.pk
        query[f"{PREFIX}-{number}-team_member"] = wanted.team_member.pk if wanted.team_member else ""
    query.update({"date": start.date().isoformat(), "time": words.clock(start), "party_size": basket.party_size})
    if basket.together:
        query["together"] = "on"
    query.update({name: value for name, value in more.items() if value})
    return query.urlencode()
