"""Calendars that programs subscribe to, on a salon's host."""

from django.urls import path

from feeds import views

app_name = "feeds"
urlpatterns = [path("calendar/<str:token>.ics", views.calendar, name="calendar")]
