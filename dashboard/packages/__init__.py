"""Packages: what is offered, and one sold at the desk."""
