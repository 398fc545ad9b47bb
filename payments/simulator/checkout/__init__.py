"""Hosted checkout: `sessions` are what was asked, `submitting` is what the customer sends, `completing` what follows.

`invoicing` writes the invoice of a payment that wants one.
"""
