"""My data: what a proven customer sees of what we hold about them, and how they put their own
contact details right."""
