"""What the public sees of requests: the forms, following a request, My data."""
