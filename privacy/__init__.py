"""How personal data is declared, sealed and looked up."""
