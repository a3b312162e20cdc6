"""The desk's pages about cases: the list, the page of a case, one page for each action."""
