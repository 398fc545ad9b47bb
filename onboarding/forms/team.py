"""The team in a form: one row a person, and rows for more."""

import re
from dataclasses import dataclass, field

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.api.settings_asked import COUNTRIES
from bookings.forms import example_number
from bookings.models.team import TeamRole
from bookings.services.team.members import MOST_MEMBERS
from onboarding import services
from onboarding.forms.business import text

YOU = "you"
#: What stands before the @ of addresses that are a place's.
NO_NAMES = {
    "admin",
    "book",
    "booking",
    "bookings",
    "contact",
    "hello",
    "hi",
    "info",
    "mail",
    "office",
    "owner",
    "salon",
}
TICKS = ("is_active", "performs_all", "invite", "remove")
COLUMNS = ("first_name", "last_name", "title", "email", "phone", "role", "is_active")
ROLES = [(role.value, role.label) for role in (TeamRole.STAFF, TeamRole.ADMIN)]


@dataclass
class Team:
    """What the rows are about: who is on the team (id → TeamMember), and who of them signs in or was asked to (e-mails)."""

    business: object
    you: object
    members: dict
    logins: set
    asked: set
    has_services: bool
    #: id → why the person's invitation could not be sent
    unsent: dict = field(default_factory=dict)

    def access_of(self, member):
        if member is None:
            return ""
        if member.user_id or member.email.lower() in self.logins:
            return "Signs in"
        return "Was invited to sign in" if member.email.lower() in self.asked else ""


class PersonForm(forms.Form):
    """`who` is a person's id, `YOU` for the owner who is not on the list yet, or nothing for somebody new."""

    who = forms.CharField(required=False, widget=forms.HiddenInput)
    first_name = text("First name", most=80, autocomplete="off")
    last_name = text("Last name", most=80, required=False, autocomplete="off")
    title = text("Title customers read", most=80, required=False, placeholder="Senior stylist", autocomplete="off")
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    phone = PhoneNumberField(
        label="Phone",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    role = forms.ChoiceField(label="Role", choices=ROLES, initial=TeamRole.STAFF)
    is_active = forms.BooleanField(label="Customers can book this person", required=False, initial=True)
    performs_all = forms.BooleanField(label="Performs every service there is", required=False, initial=True)
    invite = forms.BooleanField(label="Invite by mail to sign in", required=False)
    remove = forms.BooleanField(label="Take off the team", required=False)

    halves = ("first_name", "last_name", "email", "phone")

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.who = str(self["who"].value() or "")
        self.member = team.members.get(self.who)
        self.is_new = not self.who
        self.is_you = self.who == YOU or (self.member is not None and self.member.user_id == team.you.pk)
        self.access = team.access_of(self.member)
        self.unsent = team.unsent.get(self.who)
        self._take_out(team)
        if self.is_you:
            self.fields["is_active"].label = "Customers can book me"
        number = self.fields["phone"]
        number.region = team.business.country if team.business.country in COUNTRIES else "US"
        number.error_messages["invalid"] = (
            f"Please write the number with its area code, for example {example_number(number.region)}."
        )

    def _take_out(self, team):
        """Fields that would ask what is known, or cannot be."""
        given = self.is_you or (self.member and self.member.role == TeamRole.OWNER)
        out = {
            "role": given,
            "performs_all": not (self.is_new and team.has_services),
            "invite": given or self.access,
            "remove": not self.member,
        }
        for name in [name for name, known in out.items() if known]:
            del self.fields[name]

    @property
    def whose(self):
        """Whom a sentence about this row is about."""
        return "You" if self.is_you else str(self.member or self["first_name"].value() or "Somebody new")

    @property
    def facts(self):
        """What the closed row says of the person."""
        member = self.member
        bookable = "Can be booked" if member.is_active else "Cannot be booked"
        return [each for each in (member.title, member.get_role_display(), bookable, self.access) if each]

    @property
    def is_open(self):
        """Whether the row is shown with its fields at once."""
        return self.member is None or bool(self.errors or self.unsent)

    def written(self):
        """The text fields as they are."""
        return [each for each in self if each.name in (*self.halves, "title", "role")]

    def ticks(self):
        return [each for each in self if each.name in TICKS]

    def is_blank(self):
        """Whether nothing was meant by this row: untouched, or the owner who does not want to be booked."""
        if self.who == YOU:
            return not self.cleaned_data.get("is_active")
        names = ("first_name", "last_name", "title", "email", "phone")
        wrong = self.errors.keys() - {"first_name", "role"}  # which are missing, and not wrong, in an empty row
        return self.is_new and not wrong and not any(self.cleaned_data.get(name) for name in names)

    def clean(self):
        data = self.cleaned_data
        if data.get("remove") or self.is_blank():
            self.errors.clear()
            return data
        if self.who and self.who != YOU and self.member is None:
            self.add_error(None, "This person is not on the team any more. Load the page again.")
        if data.get("invite") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Write the address the invitation goes to.")
        return data

    def person(self):
        """The row as `services.save_team` takes it."""
        data = self.cleaned_data
        fields = {name: data[name] for name in COLUMNS if name in data}
        if "phone" in fields:
            fields["phone"] = fields["phone"].as_e164 if fields["phone"] else ""
        if self.who == YOU:
            fields["role"] = TeamRole.OWNER
        return services.Person(
            fields=fields,
            member_id=self.member and self.member.pk,
            remove=data.get("remove", False),
            performs_all=data.get("performs_all", True),
        )

    def leaves(self):
        """Whether customers who have booked this person lose them."""
        data = self.cleaned_data
        return self.member is not None and self.member.is_active and (data.get("remove") or not data["is_active"])

    def invitation(self):
        """(e-mail, role) where one was asked for, else None."""
        data = self.cleaned_data
        return (data["email"], data["role"]) if data.get("invite") and not data.get("remove") else None


class PeopleFormSet(forms.BaseFormSet):
    def __init__(self, *args, team, **kwargs):
        self.team = team
        super().__init__(*args, prefix="people", **kwargs)

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"team": self.team}

    def wrong(self):
        """The rows with something to mend, for the summary."""
        return [form for form in self.forms if form.errors] if self.is_bound else []

    def meant(self):
        """The rows somebody wrote something into."""
        return [form for form in self.forms if form.cleaned_data and not form.is_blank()]


Formset = forms.formset_factory(
    PersonForm, formset=PeopleFormSet, extra=0, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS + 50
)


def shown_again(data, *, team):
    """What was posted, unjudged, with one row more."""
    bound = Formset(data, team=team)
    count = min(bound.total_form_count(), MOST_MEMBERS)
    rows = [
        {
            name: bool(data.get(f"people-{index}-{name}")) if name in TICKS else data.get(f"people-{index}-{name}", "")
            for name in PersonForm.base_fields
        }
        for index in range(count)
    ]
    return Formset(initial=[*rows, {}], team=team)


def own_row(you, business, *, is_active):
    """The owner, who is not on the list yet; whoever has not said a name gets the one the address looks like."""
    first, last = (you.first_name, you.last_name) if you.first_name else _name_in(you.email) or (business.name[:80], "")
    return {"who": YOU, "first_name": first, "last_name": last, "email": you.email, "is_active": is_active}


def _name_in(email):
    """(first, last) of “mara.lark7@…”, None where that is nobody's name."""
    words = [word for word in re.split(r"[\W\d_]+", email.partition("@")[0].partition("+")[0]) if word]
    if not words or len(words[0]) < 2 or words[0].lower() in NO_NAMES:
        return None
    return words[0].capitalize(), " ".join(words[1:2]).capitalize()


def as_row(member):
    return {name: getattr(member, name) for name in COLUMNS} | {"who": member.pk, "phone": str(member.phone or "")}
