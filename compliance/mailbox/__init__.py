"""Incoming email: received, read, and acted on where it is about marketing.

A message is received (`transports`, `maildir`, `imap`), sealed and committed before anything else
is looked at (`storage`), read (`parser`), understood (`intent`, `candidates`, `automated`) and then
acted on, left to the desk, or closed (`handler`). `parser` to `automated` are pure: no model, no
clock, and no text that makes them raise.
"""
