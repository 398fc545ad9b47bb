"""Hosted checkout: `sessions` are what was asked, `submitting` is what the customer sends, `completing` what follows."""
