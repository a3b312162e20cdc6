"""The list of cookies, the choices of visitors, Global Privacy Control, visits by page."""
