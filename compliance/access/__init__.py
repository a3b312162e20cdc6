"""A copy of everything held on one person: gathered, redacted, checked, sealed and delivered."""
