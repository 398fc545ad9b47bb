"""Below `/dashboard/messages/`."""

from django.urls import path

from dashboard.messages import views

urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/<uuid:pk>/", views.message, name="message"),
    path("messages/<uuid:pk>/again/", views.again, name="message-again"),
]
