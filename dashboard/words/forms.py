"""What is typed about words: the text itself, and the languages there are texts in."""

from django import forms

from messaging.forms import TemplateForm
from tenants import languages

#: How much of a line is shown around what is wrong in it.
AROUND = 60


class WordsForm(TemplateForm):
    """The text as the dashboard asks for it."""

    use_required_attribute = False

    @property
    def marked(self):
        """[(the field's label, the line up to the place, the place, the rest)] of what cannot be sent."""
        return [
            (self.fields[name].label, *_cut(self[name].value() or "", place))
            for name, place in self.places.items()
            if name in self.fields
        ]


def _cut(text, place):
    """The line a place is in, in three parts; far around it, it is left out."""
    line = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[place["line"] - 1]
    at = place["column"] - 1
    end = at + max(len(place["word"].removesuffix("…")), 1)
    return line[:at][-AROUND:], line[at:end], line[end:][:AROUND]


class LanguagesForm(forms.Form):
    """What the salon speaks with its customers."""

    use_required_attribute = False
    language = forms.ChoiceField(
        label="Your salon’s language",
        choices=languages.CHOICES,
        help_text="Customers are written to in it, unless they ask for another one below.",
    )
    others = forms.MultipleChoiceField(
        label="Customers may also read",
        choices=languages.CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Who books online gets the one their browser asks for, and can choose. We bring our own words in "
        "English, Deutsch, Français and Español; in the others you write yours.",
    )
