"""What somebody asks the list of reviews, and what is done with one."""

from django import forms

from reviews.forms import STARS, LongText
from reviews.models import MAX_REASON, Publishing, ReviewStatus

STATES = (
    ("", "All"),
    (ReviewStatus.WAITING.value, "Waiting"),
    (ReviewStatus.PUBLISHED.value, "Published"),
    (ReviewStatus.HIDDEN.value, "Hidden"),
)


class ReviewsForm(forms.Form):
    """Asked by GET; what is no choice narrows nothing."""

    status = forms.ChoiceField(choices=STATES, required=False)
    stars = forms.ChoiceField(choices=[("", "Any"), *STARS], required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="f_%s", **kwargs)

    def narrowed(self, reviews):
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return reviews.filter(**asked)

    @property
    def narrows(self):
        return any(self.cleaned_data.values())


class SeenForm(forms.Form):
    """A press: which version of the review was read."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class HideForm(SeenForm):
    reason = forms.CharField(
        label="Why it is hidden",
        max_length=MAX_REASON,
        help_text="For the team, and in the trail. Nobody else reads it.",
        error_messages={"required": "Say why it is hidden: the reason stays in the trail."},
    )


class AnswerForm(SeenForm):
    text = LongText(
        label="Your answer",
        required=False,
        rows=4,
        help_text="Everybody reads it below the review, in the salon’s name. Empty it to take it away.",
    )


class PublishingForm(forms.Form):
    publishing = forms.ChoiceField(label="When a review comes in", choices=Publishing.choices, widget=forms.RadioSelect)
