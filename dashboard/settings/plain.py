"""The admin's forms in the clothes of our own pages: the same fields and rules, plain inputs."""

from django import forms
from unfold.widgets import UnfoldAdminRadioSelectWidget

from bookings.admin.fields import MoneyField


class Plain:
    """A mixin, before a form of the admin."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)


def dress(field):
    """Give the field the plain input of its kind."""
    prefix = field.widget.attrs.get("prefix")
    field.widget = _widget(field)
    field.widget.is_required = field.required
    if hasattr(field, "choices"):
        field.widget.choices = field.choices
    if isinstance(field, MoneyField) and prefix:
        field.label = f"{field.label} ({prefix})"


def _widget(field):
    old = field.widget
    if isinstance(field, forms.BooleanField):
        return forms.CheckboxInput()
    if isinstance(old, UnfoldAdminRadioSelectWidget):
        return forms.RadioSelect()
    if isinstance(field, forms.ChoiceField):
        return forms.Select()
    if isinstance(old, forms.Textarea):
        return forms.Textarea({"rows": 3})
    if isinstance(field, MoneyField):
        return forms.NumberInput({"min": 0, "step": "any", "inputmode": "decimal"})
    if isinstance(field, forms.IntegerField):
        return forms.NumberInput({name: old.attrs[name] for name in ("min", "max") if name in old.attrs})
    return forms.TextInput()
