"""Breaches of personal data: the register, its 72 hours, whom we tell."""
