"""The demonstration: real orders, invented people. Goes into the embedded database only.

`crowd` invents a person for every customer number of the real orders, `cast` a handful with
something on every panel, `script` puts them in through the doors that an installation uses: imports
and actions.
"""
