"""Tithi's own settings with a worker that tries again in the obvious, wrong way (see `wrong`)."""

from config.settings import *  # noqa: F403 -- the same settings, but for the line below

INSTALLED_APPS = [*INSTALLED_APPS, "config.chaos.wrong.WrongConfig"]  # noqa: F405
