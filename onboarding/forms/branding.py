"""Step 5: logo, colours and type face."""

from django import forms

from onboarding import colors
from tenants import branding, media_services
from tenants.models import Font

FONTS = ((Font.SANS, "Clear and plain"), (Font.SERIF, "A touch of print"), (Font.ROUNDED, "Soft and round"))
NOT_A_COLOR = "Write the colour as # and six digits or letters from a to f, for example #7c3f58."
AGAIN = "Please choose the picture once more: browsers do not keep it while something else is corrected."


class ColorInput(forms.TextInput):
    """A colour that is written, picked, or taken from the ready ones; what was changed of the three counts.

    `<name>-was` is what the page had written, `<name>-shown` what its picker showed: without scripts they stay behind
    when another one was changed.
    """

    def value_from_datadict(self, data, files, name):
        written, was = data.get(name), data.get(f"{name}-was")
        if written is None or was is None or written != was:
            return written
        ready, picked = data.get(f"{name}-ready"), data.get(f"{name}-pick")
        if ready and ready != was:
            return ready
        return picked if picked and picked != data.get(f"{name}-shown") else written


class ColorField(forms.CharField):
    """`#rrggbb`, or "" where nothing is wanted."""

    widget = ColorInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": 7})

    def __init__(self, *, ready=(), **kwargs):
        self.ready = ready
        super().__init__(max_length=20, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        color = colors.read(text) if text else ""
        if color is None:
            raise forms.ValidationError(NOT_A_COLOR)
        return color


class BrandingForm(forms.Form):
    """How the booking page looks."""

    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG, JPEG or WebP, at most 5 MB. Without one your name is written instead.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": media_services.ImageRefused.message, "invalid": media_services.ImageRefused.message},
    )
    primary_color = ColorField(
        label="Main colour", ready=colors.READY, error_messages={"required": "Please choose a colour."}
    )
    secondary_color = ColorField(
        label="Second colour", required=False, help_text="For the panel with your name. Empty: a shade of the main one."
    )
    font = forms.ChoiceField(label="Letters", choices=FONTS, widget=forms.RadioSelect)

    def clean_logo(self):
        upload = self.cleaned_data["logo"]
        if upload and upload.size > media_services.MAX_BYTES:
            raise forms.ValidationError(media_services.ImageRefused.message)
        return upload

    def clean(self):
        data = super().clean()
        if self.errors and data.get("logo"):
            self.add_error("logo", AGAIN)
        return data

    def looks(self):
        """Columns of Business."""
        return {name: self.cleaned_data[name] for name in ("primary_color", "secondary_color", "font")}

    def color_fields(self):
        """The colours' fields, and what their pickers show."""
        return [
            {"field": self[name], "shown": self._shown(name, fallback)}
            for name, fallback in (("primary_color", colors.READY[0][0]), ("secondary_color", branding.WHITE))
        ]

    def sample(self):
        """The main colour as the page shows it now, and the colour of words on it."""
        color = self._shown("primary_color", colors.READY[0][0])
        ink = branding.text_on(color)
        return {"color": color, "ink": ink, "word": "white" if ink == branding.WHITE else "black"}

    def _shown(self, name, fallback):
        values = self[name].value(), self.initial.get(name)
        return next(filter(None, (colors.read(value or "") for value in values)), fallback)
