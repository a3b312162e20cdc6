"""Proof of who a visitor is: one-time codes, visits, limits."""
