"""Case work on the desk: the list, the page of a case, one page for each thing that can be done,
the export, the alerts.

figures   how many cases are in each bucket: the same numbers on the first page, above the list, and
          in the reminders
filters   what the list can be narrowed to
doings    everything that can be done to a case: its button, its form, its action
page      one case: what was asked, who, the clock, what to do next, what happened
timeline  the events of a case in words
views     the pages
export    the list as CSV
panel     the requests of one customer, and logging a new one
"""
