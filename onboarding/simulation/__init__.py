"""Months of a salon's life, made up from a seed and lived through the real services on a moving clock (decision 0042)."""
