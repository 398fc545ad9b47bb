"""Calendars' API, on a salon's host."""

from django.urls import path

from feeds.api import views

app_name = "feeds-api"
urlpatterns = [
    path("api/v1/calendars/feeds", views.feed_links, name="links"),
    path("api/v1/calendars/feeds/<uuid:pk>", views.feed_link, name="link"),
    path("api/v1/calendars/busy", views.busy_calendars, name="busy-calendars"),
    path("api/v1/calendars/busy/<uuid:pk>", views.busy_calendar, name="busy-calendar"),
]
