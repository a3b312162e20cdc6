"""Every event that the trail knows: one function each, in the module of its room, called inside the
transaction of the change it tells of as `events.NAME(...)`.

`by` names who did it: `staff:ID`, `job:NAME` or `customer:ID`, never nobody. Facts are ids, codes,
counts, dates and field names; a personal value has no parameter to go through.
"""

from audit.events.access import *
from audit.events.accounts import *
from audit.events.breaches import *
from audit.events.cases import *
from audit.events.cookies import *
from audit.events.customers import *
from audit.events.deadlines import *
from audit.events.disclosures import *
from audit.events.draws import *
from audit.events.identity import *
from audit.events.importing import *
from audit.events.mailbox import *
from audit.events.outbox import *
from audit.events.outcomes import *
from audit.events.preferences import *
from audit.events.register import *
from audit.events.retention import *
from audit.trail import job as job
