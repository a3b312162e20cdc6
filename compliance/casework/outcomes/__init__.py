"""The desk's pages about what a case brings about: restrictions, recipients, files."""
