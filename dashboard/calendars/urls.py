"""Below `/dashboard/settings/calendars/`."""

from django.urls import path

from dashboard.calendars import busy, views

urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("<uuid:pk>/revoke/", views.revoke, name="calendar-revoke"),
    path("busy/new/", busy.new, name="busy-new"),
    path("busy/<uuid:pk>/", busy.calendar, name="busy"),
    path("busy/<uuid:pk>/remove/", busy.remove, name="busy-remove"),
]
