"""The desk's forms in the admin's clothes."""

from functools import cache

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from bookings.fields import MoneyField

CLOTHES = {
    forms.CheckboxInput: UnfoldBooleanSwitchWidget,
    forms.DateInput: UnfoldAdminSingleDateWidget,
    forms.EmailInput: UnfoldAdminEmailInputWidget,
    forms.NumberInput: UnfoldAdminIntegerFieldWidget,
    forms.Select: UnfoldAdminSelectWidget,
    forms.Textarea: UnfoldAdminTextareaWidget,
    forms.TextInput: UnfoldAdminTextInputWidget,
}
#: What plain inputs say of themselves and Unfold's do in their own way.
OWN = ("type", "inputmode", "autocomplete")


class Dressed:
    """For a form: plain widgets give way to Unfold's, those of its rows too."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field)

    @classmethod
    def row_class(cls):
        return dressed(super().row_class())


@cache
def dressed(form_class):
    """The same form for the admin."""
    return type(form_class)(form_class.__name__, (Dressed, form_class), {"__module__": __name__})


def _dress(field):
    plain = field.widget
    if type(plain) not in CLOTHES:
        return
    attrs = {name: value for name, value in plain.attrs.items() if name not in OWN}
    if isinstance(field, MoneyField):
        worn = UnfoldAdminDecimalFieldWidget(attrs=attrs | {"prefix": field.currency})
    else:
        worn = CLOTHES[type(plain)](attrs=attrs)
    worn.is_required, worn.is_localized = plain.is_required, plain.is_localized
    if isinstance(plain, forms.Select):
        worn.choices = plain.choices
    field.widget = worn
