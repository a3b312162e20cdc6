"""Files from the shop: read, checked and merged into the tables, one transaction per file.

`reader` turns bytes into records (pure), `formats` says what a kind of file is, the modules in
`_files` hold the kinds, `registry` takes them, those of upper rooms, and the retention engine's
word on what is past its time, `load` does the work.
"""
