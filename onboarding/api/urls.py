"""The wizard for programs, on the platform's host: `stepN/<what it is about>`."""

from django.urls import path

from onboarding import steps
from onboarding.api import beginning, branding, finishing, gift_cards, menu, notifications, people, policies

app_name = "onboarding-api"
#: Step number → its view.
VIEWS = {
    1: beginning.business_account,
    2: beginning.booking_website,
    3: beginning.location_contacts,
    4: people.team_members,
    5: branding.branding,
    6: menu.menu,
    7: people.availability,
    8: notifications.notifications,
    9: policies.policies,
    10: gift_cards.gift_cards,
    11: finishing.payment_setup,
    12: finishing.go_live,
}
urlpatterns = [
    path("progress", beginning.progress, name="progress"),
    *(
        path(f"step{number}/{steps.BY_NUMBER[number].path}", view, name=steps.BY_NUMBER[number].key)
        for number, view in VIEWS.items()
    ),
]
