"""Steps 1 to 3: the business, its address on the web, and where it is."""

from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies
from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.api.settings_asked import COUNTRIES
from bookings.forms import example_number
from tenants import industries, slugs
from tenants.clock import zone_names


def text(label, *, most, required=True, hint="", **attrs):
    message = {"required": f"Please write this: {label.lower()}."}
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=hint,
        error_messages=message,
        widget=forms.TextInput(attrs=attrs),
    )


class BusinessForm(forms.Form):
    """Who you are. The kind of business decides what the next steps start with."""

    name = text("Name of the business", most=120, autocomplete="organization")
    industry = forms.ChoiceField(label="Kind of business", choices=industries.CHOICES)
    description = forms.CharField(
        label="A few words about it",
        required=False,
        max_length=2000,
        help_text="Customers read them at the top of your booking page.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    legal_name = text(
        "Legal name", most=160, required=False, hint="If it differs: it stands on receipts.", autocomplete="off"
    )

    #: What the salon calls its kind itself, which programs may write in words of their own.
    kind = ""

    @classmethod
    def of(cls, data, progress=None):
        """About the salon as it is; before it exists, about what `progress` has of it."""
        initial, kind = {}, ""
        if progress:
            salon = progress.business or progress
            kind = progress.business.category if progress.business else progress.industry
            initial = {name: getattr(salon, name) for name in ("name", "description", "legal_name")}
            initial["industry"] = industries.key_of(kind)
        form = cls(data, initial=initial)
        form.kind = kind
        return form

    def fields_of_salon(self):
        data = self.cleaned_data
        stays = self.kind and data["industry"] == self.initial["industry"]
        return data | {"industry": self.kind if stays else industries.BY_KEY[data["industry"]].label}


class AddressForm(forms.Form):
    """The name of the booking page. What is typed like a name becomes one."""

    subdomain = forms.CharField(
        label="Address of your booking page",
        max_length=80,
        error_messages={"required": "Please write the name you want."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": 40}
        ),
    )

    def clean_subdomain(self):
        slug = self.cleaned_data["subdomain"].strip().lower()
        try:
            slugs.validate(slug)
        except (slugs.SlugInvalid, slugs.SlugReserved) as exc:
            raise forms.ValidationError(str(exc)) from exc
        return slug


@cache
def countries():
    names = Locale("en").territories
    return sorted(((code, names[code]) for code in COUNTRIES), key=lambda pair: pair[1])


@cache
def zones():
    """Zones of places; historical and technical names are left out."""
    keep = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    names = sorted(name for name in zone_names() if name.partition("/")[0] in keep)
    return [(name, name.replace("_", " ").replace("/", " · ")) for name in names] + [("UTC", "UTC")]


@cache
def currencies():
    found = {code for country in COUNTRIES for code in get_territory_currencies(country)}
    return sorted((code, f"{code} · {get_currency_name(code, locale='en')}") for code in found)


class LocationForm(forms.Form):
    """Where the salon is, how it is reached, and by which clock and currency it works."""

    phone = PhoneNumberField(
        label="Phone",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": "Please write a number customers can call."},
    )
    email = forms.EmailField(
        label="E-mail for customers",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        error_messages={"required": "Please write an address customers can write to."},
    )
    address_line1 = text("Street and number", most=120, autocomplete="address-line1")
    address_line2 = text("Building, floor", most=120, required=False, autocomplete="address-line2")
    postal_code = text("Postal code", most=20, required=False, autocomplete="postal-code")
    city = text("City", most=80, autocomplete="address-level2")
    region = text("State or region", most=80, required=False, autocomplete="address-level1")
    country = forms.ChoiceField(
        label="Country", choices=countries, widget=forms.Select(attrs={"autocomplete": "country"})
    )
    timezone = forms.ChoiceField(label="Time zone", choices=zones, help_text="Your hours are times on this clock.")
    currency_code = forms.ChoiceField(label="Currency", choices=currencies)

    #: Fields that stand side by side.
    halves = ("phone", "email", "postal_code", "city", "region", "country", "timezone", "currency_code")

    def __init__(self, data=None, *, business, initial):
        super().__init__(data, initial=initial)
        country = (data or {}).get("country") or business.country
        number = self.fields["phone"]
        number.region = country if country in COUNTRIES else "US"
        number.error_messages["invalid"] = (
            f"Please write the number with its area code, for example {example_number(number.region)}."
        )
        for name in ("timezone", "currency_code"):  # one that is not on our list stays choosable
            value = initial.get(name)
            if value and value not in dict(self.fields[name].choices):
                self.fields[name].choices = [(value, value), *self.fields[name].choices]

    def profile(self):
        data = self.cleaned_data
        return {name: data[name] for name in data if name not in ("timezone", "phone")} | {
            "phone": data["phone"].as_e164
        }
