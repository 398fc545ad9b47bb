"""What people type about teams."""

from django import forms
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelectWidget

from accounts.services.members import GIVEN
from tenants import policies
from tenants.models import Role

MAX_PASSWORD = 128


def roles_for(membership):
    """The roles somebody may give, as choices."""
    return [(role.value, role.label) for role in GIVEN if policies.has_role(membership, role)]


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254, widget=UnfoldAdminEmailInputWidget())
    role = forms.ChoiceField(label="Role", widget=UnfoldAdminSelectWidget(), initial=Role.STAFF)

    def __init__(self, data=None, *, membership):
        super().__init__(data)
        self.fields["role"].choices = roles_for(membership)


class JoinForm(forms.Form):
    """Opening an account from an invitation: the address is the one that was invited."""

    first_name = forms.CharField(
        label="First name", max_length=80, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Last name", max_length=80, required=False, widget=forms.TextInput({"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label="Password",
        max_length=MAX_PASSWORD,
        strip=False,
        help_text="Ten characters or more.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
