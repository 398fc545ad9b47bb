"""The customer's pages about money, on a salon's host."""
