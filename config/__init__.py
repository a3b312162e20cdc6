"""Wiring: settings, addresses, the embedded database."""
