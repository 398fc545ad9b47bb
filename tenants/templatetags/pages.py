"""What every page needs: the salon's brand, the fonts worth fetching early, widgets dressed for our style sheet."""

from django import forms, template
from django.forms.widgets import Input
from django.templatetags.static import static
from django.urls import reverse

from tenants import branding

register = template.Library()

FACES = {
    "sans": ("fonts/figtree.woff2",),
    "serif": ("fonts/instrument-serif.woff2", "fonts/figtree.woff2"),
    "rounded": ("fonts/quicksand.woff2",),
}
DRESS = (
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file-input"),
    (forms.Select, "select"),
    (Input, "input"),
)


@register.simple_tag
def brand_css(business):
    """The address of the salon's style sheet; it changes with the brand, so it is cached for good."""
    version = branding.version(primary=business.primary_color, secondary=business.secondary_color, font=business.font)
    return f"{reverse('brand-css')}?v={version}"


@register.simple_tag
def early_fonts(business):
    """The font files the first screen needs."""
    return [static(path) for path in FACES[getattr(business, "font", None) or "serif"]]


@register.filter
def widget(field):
    """A bound field's input in the clothes of its kind."""
    dress = next((name for kind, name in DRESS if isinstance(field.field.widget, kind)), "")
    return field.as_widget(attrs={"class": f"{field.field.widget.attrs.get('class', '')} {dress}".strip()})


@register.filter
def is_checkbox(field):
    return isinstance(field.field.widget, forms.CheckboxInput) and not isinstance(
        field.field.widget, forms.CheckboxSelectMultiple
    )


@register.filter
def is_group(field):
    """Radios or several checkboxes: labelled by a legend, not a label."""
    return field.use_fieldset
