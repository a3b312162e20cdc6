"""Outgoing messages: emails, text messages and letters to print, stored before they leave."""
