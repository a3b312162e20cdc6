"""The inbound mailbox: people write emails, and what they say about marketing takes effect.

    roads      arrive through `roads` (a mail server's pipe), `maildir` or `imap`
    storing    the raw message is sealed and committed before anything else is looked at
    reading    what a message says: `reading`, with `headers`, `charsets`, `markup`, `slimming` and
               `quoting` below it
    deciding   what it asks for: `intent` with its `lexicon`, whose it may be: `finding`, who is no
               person: `robots`
    handling   what follows: stopped, left to the desk, or nothing

`reading` to `robots` are pure: no model, no clock, and no text that makes them raise.
"""
