"""How long records are kept: the purge, legal holds, why a record is still here."""
