"""The dashboard, on a salon's host under `/dashboard/`."""

from django.urls import include, path

from dashboard.live import views as live
from dashboard.roles import views as roles
from dashboard.search import views as search
from dashboard.today import views as today

app_name = "dashboard"
urlpatterns = [
    path("", today.today, name="today"),
    path("calendar/", include("dashboard.calendar.urls")),
    path("today/list/", today.day, name="today-list"),
    path("search/", search.search, name="search"),
    path("", include("dashboard.visits.urls")),
    path("", include("dashboard.series.urls")),
    path("", include("dashboard.settings.urls")),
    path("", include("dashboard.texts.urls")),
    path("", include("dashboard.reminders.urls")),
    path("", include("dashboard.trail.urls")),
    path("", include("dashboard.waitlist.urls")),
    path("", include("dashboard.packages.urls")),
    path("", include("dashboard.memberships.urls")),
    path("", include("dashboard.messages.urls")),
    path("settings/calendars/", include("dashboard.calendars.urls")),
    path("", include("dashboard.reviews.urls")),
    path("settings/words/", include("dashboard.words.urls")),
    path("", include("dashboard.notices.urls")),
    path("settings/roles/", roles.roles, name="roles"),
    path("customers/", include("dashboard.customers.urls")),
    path("live/since", live.since, name="since"),
    path("analytics/", include("dashboard.analytics.urls")),
]
