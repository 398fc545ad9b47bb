"""On the platform's host."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("businesses/", views.businesses, name="businesses"),
    path("accounts/data/", views.own_data, name="account-data"),
    path("accounts/data/export/", views.export, name="account-export"),
    path("accounts/delete/", views.delete, name="account-delete"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
