"""What every button of a visit shares: it says what will happen, then it is pressed once."""

from dataclasses import dataclass
from datetime import datetime

from bookings.desk.forms import PressForm
from bookings.desk.shown import state_of
from tenants.errors import DomainError
from tenants.models import Business, Membership
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Presser:
    """Who presses (`by`, for the trail), what they may, and when."""

    business: Business
    membership: Membership
    by: object
    now: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What a button's page says. `hidden` are (name, value), `more` further buttons (name, value, label), `choices` links
    (query, label). Without a `button` there is nothing to press."""

    title: str
    button: str
    lines: tuple = ()
    warnings: tuple = ()
    danger: bool = False
    hidden: tuple = ()
    more: tuple = ()
    choices: tuple = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it, and its level as messages call it: back to the visit."""

    text: str
    level: str = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Asked:
    """The page is shown, with its form."""

    form: PressForm
    question: Question


class AskAgain(Exception):
    """Nothing was done: the page is shown once more, with `warnings` beside what the form says itself."""

    def __init__(self, *warnings):
        super().__init__(*warnings)
        self.warnings = warnings


class Press:
    """One button. Its `name` is what `possible` calls it."""

    name = ""
    permission = Permission.WORK_DIARY
    form_class = PressForm

    def form(self, form_class, data, *, booking, presser):
        """The form, of a class made from `form_class`."""
        return form_class(data, business=presser.business, booking=booking)

    def instead(self, booking, presser):
        """A Said or a Question in place of everything else, where there is one."""
        return

    def question(self, booking, form, presser):
        raise NotImplementedError

    def act(self, booking, form, presser, sent):
        """Do it: what to say, as `Said`. Raises AskAgain, or a DomainError that is said."""
        raise NotImplementedError


def face(press, *, booking, presser, possible, data=None, clothes=lambda form_class: form_class):
    """What a button answers: `Said` or `Asked`. `data` is what was sent by a press, None where it is only looked at.

    A press leaves it to the service whether it is possible: sent twice it gets its first answer again.
    """
    if data is None and not possible():
        return not_possible(booking)
    if other := press.instead(booking, presser):
        return other if isinstance(other, Said) else Asked(PressForm(business=presser.business), other)
    form = press.form(clothes(press.form_class), data, booking=booking, presser=presser)
    again = ()
    if data is not None and form.is_valid():
        try:
            return press.act(booking, form, presser, data)
        except AskAgain as exc:
            again = exc.warnings
        except DomainError as exc:
            return Said(str(exc), "ERROR")
        if again and not possible():
            return not_possible(booking)
    return Asked(form, _with(press.question(booking, form, presser), again))


def not_possible(booking):
    return Said(f"Not possible now: this booking is {state_of(booking).lower()}.", "WARNING")


def _with(question, warnings):
    return Question(
        **{name: getattr(question, name) for name in Question.__slots__ if name != "warnings"},
        warnings=(*warnings, *question.warnings),
    )
