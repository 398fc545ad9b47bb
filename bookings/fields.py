"""Form fields that read what people write: days, money and wall times. How they look is their page's matter."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from bookings.models.hours import DAY, clock
from tenants.clock import is_day_in_reach
from tenants.money import EXPONENTS

WALL_TIME = re.compile(r"\A(\d{1,2})(?:[:.h](\d{2}))?\Z")


class DayField(forms.DateField):
    """A date within the API's reach: around it there are days to look at, and years that every library can write."""

    default_error_messages = {"range": "This date is out of reach."}

    def validate(self, value):
        super().validate(value)
        if value is not None and not is_day_in_reach(value):
            raise ValidationError(self.error_messages["range"], code="range")


class MoneyField(forms.DecimalField):
    """`85.00` in a form, `8500` in the model: minor units of the salon's currency."""

    def __init__(self, *, currency, max_cents=None, **kwargs):
        self.currency, self.exponent = currency, EXPONENTS.get(currency, 2)
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("widget", forms.NumberInput(attrs={"inputmode": "decimal"}))
        if max_cents is not None:
            kwargs["max_value"] = Decimal(max_cents).scaleb(-self.exponent)
        super().__init__(max_digits=12, decimal_places=self.exponent, **kwargs)

    def prepare_value(self, value):
        return Decimal(value).scaleb(-self.exponent) if isinstance(value, int) else value

    def clean(self, value):
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.exponent))

    def has_changed(self, initial, data):
        try:
            return self.clean(data) != initial
        except ValidationError:
            return True


class WrittenField(forms.CharField):
    """A value people read and write as text: `parse` one way, `write` the other."""

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else self.write(value)

    def to_python(self, value):
        text = super().to_python(value)
        return self.parse(text) if text else self.nothing()

    def nothing(self):
        return None

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class WallTimeField(WrittenField):
    """`09:00` as minutes after midnight; up to `48:00`, so that 02:00 of the next morning is `26:00`."""

    def parse(self, text):
        found = WALL_TIME.match(text)
        minutes = int(found[1]) * 60 + int(found[2] or 0) if found and int(found[2] or 0) < 60 else None
        if minutes is None or minutes > 2 * DAY:
            raise ValidationError("Write a time like 09:00; 26:00 is two in the morning of the next day.")
        return minutes

    def write(self, value):
        return clock(value)
