"""Subscriptions and their invoices: how they begin, renew, fall behind and end.

`starting` and `updating` do what a request asks, `cycle` what time brings. `standing` is the only writer of a status,
`invoices` keeps the papers, `issuing` sends them out and `collecting` asks for the money.
"""
