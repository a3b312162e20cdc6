"""The desk's pages about marketing: stopping it, the queue of requests, partners."""
