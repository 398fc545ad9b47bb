"""Below `/dashboard/settings/`, where its link stands."""

from django.urls import path

from dashboard.reminders import views

urlpatterns = [path("settings/reminders/", views.reminders, name="reminders")]
