"""Marketing choices: the ledger, suppression, screening, one-click links, partners."""
