"""The steps of the wizard, in their order. Pure."""

from dataclasses import dataclass

from onboarding.models import FIRST_STEP, LAST_STEP

GROUPS = ("Your business", "Your menu", "Your rules", "Opening")


@dataclass(frozen=True, slots=True)
class Step:
    """`key` is the last part of the page's address, `path` that of the API's; `group` an index into GROUPS."""

    number: int
    key: str
    path: str
    title: str
    group: int
    optional: bool = False

    @property
    def group_name(self):
        return GROUPS[self.group]

    @property
    def place(self):
        """(which of its group it is, how many the group has)."""
        fellows = [step.number for step in STEPS if step.group == self.group]
        return fellows.index(self.number) + 1, len(fellows)


STEPS = (
    Step(1, "business", "business-account", "Your business", 0),
    Step(2, "address", "booking-website", "Your booking page’s address", 0),
    Step(3, "location", "location-contacts", "Where you are and when you open", 0),
    Step(4, "team", "team-members", "Your team", 1),
    Step(5, "branding", "branding", "How it looks", 1, optional=True),
    Step(6, "services", "services-categories", "Your services", 1),
    Step(7, "availability", "availability", "Who works when", 1),
    Step(8, "notifications", "notifications", "What customers are told", 2, optional=True),
    Step(9, "policies", "policies", "Your terms", 2),
    Step(10, "gift-cards", "gift-cards", "Gift cards", 2, optional=True),
    Step(11, "payments", "payment-setup", "Getting paid", 3, optional=True),
    Step(12, "go-live", "go-live", "Open your booking page", 3),
)
#: From this step on the salon has to exist.
FIRST_IN_SALON = 3
BY_KEY = {step.key: step for step in STEPS}
BY_NUMBER = {step.number: step for step in STEPS}


def current(completed, skipped):
    """The number of the first step that was neither answered nor left for later; the last one when all were."""
    behind = {*completed, *skipped}
    return next((step.number for step in STEPS if step.number not in behind), LAST_STEP)


def after(number):
    return BY_NUMBER[min(number + 1, LAST_STEP)]


def before(number):
    """The step before, None before the first."""
    return BY_NUMBER.get(number - 1) if number > FIRST_STEP else None
