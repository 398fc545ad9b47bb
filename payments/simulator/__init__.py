"""A local Stripe: a small stateful server that speaks Stripe's wire format.

Run it with `python -m payments.simulator`; the product talks to it over HTTP only and never imports it.
It imports neither Django nor the product, and the `stripe` package only for its parameter definitions.
"""
