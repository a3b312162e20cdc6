"""Slow work: the queue, its worker, and asking for a job by its name."""
