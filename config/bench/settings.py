"""Tithi's own settings with two more views, to compare its work with the least that the same stack can do."""

from config.settings import *  # noqa: F403 -- the same settings, but for the line below

ROOT_URLCONF = "config.bench.urls"
