"""What left the building: the disclosure log, fraud work, and the demonstration."""
