"""What can be done to a case. Each action is one transaction: it checks the table of transitions,
changes the case, writes the event and the audit entry. `by` names the actor, `now` is an aware
moment, read once at the edge.
"""
