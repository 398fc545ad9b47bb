"""Below `/dashboard/waitlist/`."""

from django.urls import path

from dashboard.waitlist import views

urlpatterns = [
    path("waitlist/", views.waitlist, name="waitlist"),
    path("waitlist/add/", views.add, name="waitlist-add"),
    path("waitlist/<uuid:pk>/remove/", views.remove, name="waitlist-remove"),
]
