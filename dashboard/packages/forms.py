"""What is typed about a package, and about one that is sold at the desk."""

import uuid

from django import forms

from bookings.fields import MoneyField
from bookings.models import Service
from bookings.queries import ON_THE_MENU
from giftcards.models import FEWEST_VISITS, MOST_VISITS, PaidBy
from giftcards.rules import MOST_CENTS

NUMBER = {"inputmode": "numeric"}


class PackageForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        max_length=100,
        error_messages={"required": "Please give it a name."},
        help_text="What it is about, like “Cut & finish”: the number of visits is put before it.",
    )
    visits = forms.IntegerField(
        label="Number of visits",
        min_value=FEWEST_VISITS,
        max_value=MOST_VISITS,
        widget=forms.NumberInput(attrs=NUMBER),
        error_messages={"required": "Please write how many visits it is good for."},
    )
    service_ids = forms.MultipleChoiceField(
        label="Good for",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one service."},
        help_text="A visit that has anything else is paid as usual. Every service counts, for every guest.",
    )
    valid_months = forms.IntegerField(
        label="Good for how many months",
        min_value=1,
        max_value=120,
        required=False,
        widget=forms.NumberInput(attrs=NUMBER),
        help_text="From the day it is bought. Left empty, it has no end.",
    )
    description = forms.CharField(
        label="A few words about it",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sort_order = forms.IntegerField(
        label="Place in the list", min_value=0, max_value=1000, required=False, widget=forms.NumberInput(attrs=NUMBER)
    )
    sold_online = forms.BooleanField(label="Customers can buy it on your website", required=False)
    active = forms.BooleanField(
        label="It is sold", required=False, help_text="Those that were sold stay good, whatever you change here."
    )

    def __init__(self, data=None, *, business, package=None, **kwargs):
        initial = {"sold_online": True, "active": True, "sort_order": 0, "valid_months": 12}
        if package:
            names = (*self.base_fields, "price_cents")
            initial = {name: getattr(package, name) for name in names}
            initial["service_ids"] = [str(pk) for pk in package.service_ids]
        super().__init__(data, initial=initial, **kwargs)
        rows = Service.objects.filter(deleted_at=None).order_by(*ON_THE_MENU).values_list("pk", "name")
        self.fields["service_ids"].choices = [(str(pk), name) for pk, name in rows]
        self.fields["price_cents"] = MoneyField(
            currency=business.currency_code,
            label=f"Price of all visits, in {business.currency_code}",
            max_cents=MOST_CENTS,
            error_messages={"required": "Please write what it costs."},
        )
        order = ("name", "visits", "price_cents", "service_ids", "valid_months", "description", "sort_order")
        self.order_fields([*order, "sold_online", "active"])

    def values(self):
        """How `giftcards.services.create_package` is asked."""
        data = self.cleaned_data
        chosen = [uuid.UUID(pk) for pk in data["service_ids"]]
        return data | {"service_ids": chosen, "sort_order": data["sort_order"] or 0}


class UndoForm(forms.Form):
    """Why a sale was none."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        error_messages={"required": "Please say why."},
        help_text="What went wrong; it stays in the trail. Hand back by yourself what was taken.",
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, label_suffix="", **kwargs)


class SaleForm(forms.Form):
    """Whom it is sold to, and how it was paid."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=160, error_messages={"required": "Please write their name."})
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="The code is mailed there. Left empty, you print it or read it out.",
        error_messages={"invalid": "Please write the address in full, like name@example.com."},
    )
    paid_by = forms.ChoiceField(
        label="How was it paid?",
        choices=[choice for choice in PaidBy.choices if choice[0] != PaidBy.ONLINE],
        widget=forms.RadioSelect,
        error_messages={"required": "Please say how it was paid."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        required=False,
        help_text="Where it is given free of charge, or for another price.",
    )

    def __init__(self, data=None, *, business, package, customer=None, **kwargs):
        initial = {"key": uuid.uuid4(), "amount": package.price_cents, "paid_by": PaidBy.CASH}
        if customer:
            initial |= {"name": customer.display_name, "email": customer.email}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["amount"] = MoneyField(
            currency=business.currency_code,
            label=f"Amount in {business.currency_code}",
            max_cents=MOST_CENTS,
            required=False,
            help_text="What you have taken. Nothing is charged here.",
        )
        self.order_fields(["key", "name", "email", "paid_by", "amount", "reason"])

    def sale(self):
        """How `giftcards.services.sell_package` is asked."""
        data = self.cleaned_data
        return {
            "name": " ".join(data["name"].split()),
            "email": data["email"].lower(),
            "paid_by": data["paid_by"],
            "amount_cents": data["amount"] or 0,
            "reason": data["reason"],
            "card_id": data["key"],
        }
