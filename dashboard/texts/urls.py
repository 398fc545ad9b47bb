"""Text messages, below `/dashboard/settings/`."""

from django.urls import path

from dashboard.texts import views

urlpatterns = [path("settings/texts/", views.texts, name="texts")]
