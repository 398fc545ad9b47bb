"""Visits that come again: repeated, moved and called off together."""
