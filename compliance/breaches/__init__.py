"""Breaches of personal data: the register, its 72 hours, and whom we tell (UK GDPR Articles 33 and
34)."""
