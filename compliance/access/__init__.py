"""The right of access: everything held on one person, gathered, explained, redacted, sealed and
delivered."""
