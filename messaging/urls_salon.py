"""What customers reach from a message, on a salon's host."""

from django.urls import path

from messaging import views

app_name = "messages"
urlpatterns = [path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe")]
