"""An address whose argument nobody has said anything about."""

from django.urls import path

from config.tests.walls.planted import harmless

urlpatterns = [path("planted/<uuid:thing>/", harmless)]
