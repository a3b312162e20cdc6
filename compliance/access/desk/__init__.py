"""The desk's pages on which a copy is read, redacted, checked and released."""
