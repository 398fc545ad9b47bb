"""Payments, presses, refunds, what moved, and what is known of cards and disputes: to read, never to edit."""

from payments.admin.records import cards, moved, orders, pressed

__all__ = ["cards", "moved", "orders", "pressed"]
