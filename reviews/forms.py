"""What a customer says of a visit, as it is typed."""

from django import forms

from messaging.placeholders import normal
from reviews.models import MAX_TEXT

STARS = [("5", "5 stars"), ("4", "4 stars"), ("3", "3 stars"), ("2", "2 stars"), ("1", "1 star")]


class LongText(forms.CharField):
    """A text of a few lines, counted as its writer sees it: browsers send two characters for the end of a line."""

    def __init__(self, *, rows=5, **kwargs):
        attrs = {"rows": rows, "maxlength": MAX_TEXT}
        super().__init__(widget=forms.Textarea(attrs), **kwargs)

    def clean(self, value):
        text = super().clean(normal(value or ""))
        if len(text) > MAX_TEXT:
            raise forms.ValidationError(f"At most {MAX_TEXT:,} characters; this has {len(text):,}.")
        return text


class ReviewForm(forms.Form):
    use_required_attribute = False

    stars = forms.TypedChoiceField(
        label="How was it?",
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose from one to five stars."},
    )
    text = LongText(label="In your words", required=False)
    is_named = forms.BooleanField(required=False)

    def __init__(self, *args, first_name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_named"].label = f"Sign it with my first name, {first_name}"
        self.fields["is_named"].help_text = "Otherwise it says “A customer”. Nothing else about you is shown."
        if not first_name:
            del self.fields["is_named"]

    @property
    def said(self):
        """What `services.write` is told."""
        values = self.cleaned_data
        return {"stars": values["stars"], "text": values["text"], "is_named": values.get("is_named", False)}
