"""What mail providers post to, on the platform's host."""

from django.urls import path

from messaging import views

urlpatterns = [path("events/<slug:provider>/", views.events, name="mail-events")]
