"""The demonstration: real orders, invented people. Goes into the embedded database only.

`crowd` invents a person for every customer number of the real orders, `cast` a handful with
something on every panel (who they are in `people`, what they did in `shopping`, `credit` and
`contact`), `script` puts them in as an installation would: by imports and actions.
"""
