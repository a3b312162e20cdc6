"""What happened: the append-only, chained trail, with one function for each event."""
