"""Changes of a case below the desk: opening it, its steps, its clock, its files."""
