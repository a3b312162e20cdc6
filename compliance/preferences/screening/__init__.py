"""Screening: a list of a million addresses against everybody who said no, in seconds."""
