from babel import Locale
from django import forms

from tenants import industries

#: Country code → its English name.
COUNTRIES = {code: name for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}


def country_name(code):
    return COUNTRIES.get(code, code)


class SearchForm(forms.Form):
    """What stands in the directory's address. A value nobody could have chosen is an error at its field."""

    q = forms.CharField(label="Name", required=False, max_length=80, strip=True)
    place = forms.CharField(
        label="Place",
        required=False,
        max_length=80,
        strip=True,
        widget=forms.TextInput(attrs={"placeholder": "City, region or postal code", "autocomplete": "address-level2"}),
    )
    category = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any kind"), *((each.key, each.plural) for each in industries.ALL)]
    )
    country = forms.CharField(required=False, max_length=2, widget=forms.HiddenInput)
    city = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput)

    use_required_attribute = False
