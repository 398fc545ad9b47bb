"""What the trail is asked for."""

from datetime import date

from django import forms

from accounts import queries as people
from audit import filters, queries
from audit.wording import words

#: No salon of ours is older, and no entry lies further ahead.
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 30)
DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class TrailForm(forms.Form):
    who = forms.ChoiceField(label="Who", required=False)
    act = forms.ChoiceField(label="What", required=False)
    first = forms.DateField(label="From", required=False, widget=DAY)
    last = forms.DateField(label="To", required=False, widget=DAY)
    subject = forms.RegexField(
        r"\A[a-z_]{1,40}\.[a-z_]{1,40}:[^\s\0]{1,64}\Z", required=False, widget=forms.HiddenInput
    )

    use_required_attribute = False

    def __init__(self, data, *, business):
        super().__init__(data)
        self.business = business
        self.fields["who"].choices = _people(business)
        self.fields["act"].choices = [("", "Everything"), *_acts()]

    def clean(self):
        data = super().clean()
        for name in ("first", "last"):
            if data.get(name) and not FIRST <= data[name] <= LAST:
                self.add_error(name, "Choose a date from 2000 on.")
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", "The last day lies before the first one.")
        return data

    def entries(self):
        """What was asked for; nothing where that cannot be."""
        if not self.is_valid():
            return queries.entries().none()
        return filters.narrowed(business=self.business, **self.cleaned_data)

    @property
    def narrows(self):
        return self.is_valid() and any(self.cleaned_data.values())


def _people(business):
    team = [(str(row.user_id), str(row.user)) for row in people.team_of(business)]
    left = [(str(user.pk), str(user)) for user in people.past_team_of(business)]
    others = [
        (filters.CUSTOMERS, "Customers"),
        (filters.SUPPORT, "Tithi support"),
        (filters.PRODUCT, "Tithi by itself"),
    ]
    groups = [("Team", team), *([("No longer in the team", left)] if left else []), ("Others", others)]
    return [("", "Everybody"), *groups]


def _acts():
    return sorted(((action, words(action)) for action in queries.actions()), key=lambda pair: pair[1])
