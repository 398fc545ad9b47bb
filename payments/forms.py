import uuid
from datetime import timedelta

from django import forms

from bookings.admin.fields import MoneyField
from bookings.forms import KEPT, DetailsForm
from giftcards import rules
from giftcards.forms import CodeForm
from payments import selling, wording
from payments.services.orders import Wish

#: What is remembered of a checkout when its visitor has to come back; agreement is always given anew.
TYPED = (*KEPT, "marketing", "texts", "keep_card", "card")
NEW_CARD = "new"
OTHER = "other"
#: How far ahead a card can be sent.
FAR = timedelta(days=365)


class CheckoutForm(DetailsForm):
    """Who comes, and with which card: one that is kept (`cards`), or another one."""

    card = forms.ChoiceField(
        label="Which card?", widget=forms.RadioSelect, error_messages={"required": "Please choose a card."}
    )
    keep_card = forms.BooleanField(
        label="Keep this card for my next visits. I can have it removed at any time.", required=False
    )

    def __init__(self, *args, cards=(), for_family=False, **kwargs):
        super().__init__(*args, **kwargs)
        if for_family:  # who each visit is for is known
            del self.fields["for_name"]
        self.cards = {str(card.pk): card for card in cards}
        names = [(pk, wording.card_name(card)) for pk, card in self.cards.items()]
        self.fields["card"].required = bool(names)
        self.fields["card"].choices = [*names, (NEW_CARD, "Another card")]
        self.fields["card"].initial = names[0][0] if names else NEW_CARD

    @property
    def chosen_card(self):
        """The kept card they chose, or None."""
        return self.cards.get(self.cleaned_data.get("card"))


class GiftCodeForm(forms.Form):
    """The code of a gift card at checkout, beside the form of the details."""

    use_required_attribute = False
    gift_card_code = CodeForm.base_fields["code"]


class GiftCardForm(forms.Form):
    """Buying a card: how much, from whom, for whom, when. `form_key` was made with the page: sent twice it is one order."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    amount = forms.ChoiceField(
        label="Amount", widget=forms.RadioSelect, error_messages={"required": "Please choose an amount."}
    )
    buyer_name = forms.CharField(
        label="Your name",
        max_length=160,
        error_messages={"required": "Please write your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
    )
    buyer_email = forms.EmailField(
        label="Your e-mail",
        error_messages={
            "required": "Please write your e-mail address.",
            "invalid": "Please write the address in full, like name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    recipient_name = forms.CharField(
        label="Who is it for?",
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    recipient_email = forms.EmailField(
        label="Their e-mail",
        required=False,
        help_text="Left empty, the card comes to you: to print, or to pass on yourself.",
        error_messages={"invalid": "Please write the address in full, like name@example.com."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    message = forms.CharField(
        label="A few words for them", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    deliver_on = forms.DateField(
        label="Send it on",
        required=False,
        help_text="Left empty, it is sent at once.",
        error_messages={"invalid": "Please write the date like 2027-02-14."},
    )

    @property
    def months(self):
        """How long what is bought is good."""
        return self.business.gift_card_months

    def __init__(self, data=None, *, business, today, **kwargs):
        self.business, self.today = business, today
        self.amounts = selling.amounts_for(business.currency_code)
        usual = str(self.amounts.offered[1].cents)
        super().__init__(data, initial={"form_key": uuid.uuid4, "amount": usual}, **kwargs)
        offered = [(str(amount.cents), str(amount)) for amount in self.amounts.offered]
        self.fields["amount"].choices = [*offered, (OTHER, "Another amount")]
        self.fields["own_amount"] = MoneyField(
            currency=business.currency_code,
            label=f"Amount in {business.currency_code}",
            required=False,
            help_text=f"From {self.amounts.least} to {self.amounts.most}.",
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        span = {"type": "date", "min": today.isoformat(), "max": (today + FAR).isoformat()}
        self.fields["deliver_on"].widget = forms.DateInput(format="%Y-%m-%d", attrs=span)

    def clean(self):
        data = super().clean()
        chosen = data.get("amount")
        if chosen == OTHER:
            self._check_own(data)
        elif chosen:
            data["amount_cents"] = int(chosen)
        last_day = rules.last_day(self.today, self.months)
        if (data.get("deliver_on") or self.today) > self.today + FAR:
            self.add_error("deliver_on", "Please choose a day within a year.")
        elif "amount_cents" in data:
            card = {name: data.get(name) for name in ("amount_cents", "recipient_email", "deliver_on")}
            for name, sentence in rules.problems(today=self.today, expiration_date=last_day, **card).items():
                self.add_error(name, sentence)
        return data

    def _check_own(self, data):
        if "own_amount" not in data:
            return
        if refusal := self.amounts.refusal(data["own_amount"] or 0):
            self.add_error("own_amount", refusal)
        else:
            data["amount_cents"] = data["own_amount"]

    def renew(self, **values):
        """Give the form another key, and other `values`: what was tried under the last one is over."""
        self.data = self.data.copy()
        self.data["form_key"] = str(uuid.uuid4())
        for name, value in values.items():
            self.data[name] = value

    def wish(self):
        """The form's answer as the service takes it."""
        data = self.cleaned_data
        return Wish(
            amount_cents=data["amount_cents"],
            buyer_name=" ".join(data["buyer_name"].split()),
            buyer_email=data["buyer_email"].lower(),
            recipient_name=" ".join(data["recipient_name"].split()),
            recipient_email=data["recipient_email"].lower(),
            message=data["message"],
            deliver_on=data["deliver_on"],
        )


class PackageForm(GiftCardForm):
    """Who buys a package, and for whom. What it costs and which one it is stands in the form, as it was shown."""

    price_cents = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, package, **kwargs):
        self.package = package
        super().__init__(data, **kwargs)
        del self.fields["amount"], self.fields["own_amount"]
        self.initial |= {"price_cents": package.price_cents, "seen": package.version}
        self.fields["recipient_name"].help_text = "Left empty, it is for you."
        self.fields["recipient_email"].help_text = "Left empty, the code comes to you."

    @property
    def months(self):
        return self.package.valid_months

    def clean(self):
        if "price_cents" in self.cleaned_data:
            self.cleaned_data["amount_cents"] = self.cleaned_data["price_cents"]
        return super().clean()
