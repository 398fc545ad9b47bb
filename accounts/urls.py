"""On the platform's host."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("businesses/", views.businesses, name="businesses"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
