"""The dashboard, on a salon's host under `/dashboard/`."""

from django.urls import include, path

from dashboard.search import views as search
from dashboard.today import views as today

app_name = "dashboard"
urlpatterns = [
    path("", today.today, name="today"),
    path("calendar/", include("dashboard.calendar.urls")),
    path("today/list/", today.day, name="today-list"),
    path("search/", search.search, name="search"),
    path("", include("dashboard.visits.urls")),
]
