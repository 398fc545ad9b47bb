"""Tithi's own settings, but for whose URLs are served: those of the module beside this one."""

from config.settings import *  # noqa: F403 -- the same settings, but for the line below

ROOT_URLCONF = "config.bench.unguarded.urls"
