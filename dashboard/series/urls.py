from django.urls import path

from dashboard.series import views

urlpatterns = [
    path("visits/<uuid:pk>/repeat/", views.repeat, name="visit-repeat"),
    path("visits/<uuid:pk>/following/move/", views.move_following, name="visit-move-following"),
    path("visits/<uuid:pk>/following/cancel/", views.cancel_following, name="visit-cancel-following"),
]
