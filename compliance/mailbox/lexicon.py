"""The words by which an email says what it wants, as patterns over folded text
(`customers.normalise.fold`: no case, no accents, no punctuation, single spaces; “don't” is “dont”).
Each pattern takes time that grows with the text's length only.
"""

import re

from compliance.mailbox.request_words import pattern
from compliance.preferences import channels


def channels_named(sentence: str) -> set[str]:
    """The channels that a folded sentence names."""
    return {
        one.code
        for one in channels.CHANNELS.values()
        if one.mail_noun and pattern(one.mail_noun, *one.mail_words).search(sentence)
    }


NO_WISH = (
    r"(?:(?:do not|dont|does not|no longer|not|never)(?: \w+){0,3} "
    r"(?:want|wish|like|care|agree|consent)(?:ed|ing)?"
    r"|rather not|would prefer not|prefer not|no desire|not interested)"
)
REACH = (
    r"(?:e ?mail|mail|contact|call|phone|phoning|telephon|ring|text|messag|writ|spam|bother|pester|harass|market|"
    r"approach|target|solicit)\w{0,4}"
)
SHARE = r"(?:(?:shar|pass|sell|giv|disclos|forward|hand)(?:e|es|s|ed|ing|ting)?|sold|given)"
HAND_ON = r"(?:(?:shar|pass|sell|giv|disclos|forward|hand|us)(?:e|es|s|ed|ing|ting)?|sold|given)"
# Handing details on is for third parties; “use my address” and “send us emails at this address” are
# about ourselves.
SHARE_MINE = (
    rf"{SHARE}(?: on)?(?: any of| all)? (?:my|our|any|these|personal)(?: \w+){{0,3}} "
    r"(?:details?|data|information|info|address(?:es)?|e ?mail|name|number)"
)
GAP = r"(?: \w+){0,6}? "

MARKETING = (
    r"(?:marketing|adverts?|advertis\w+|ads|newsletters?|offers?|promotions?|promotional"
    r"|promos?|mailings?|mail ?shots?|"
    r"circulars?|junk|spam|bumf|subscriptions?|sales (?:e ?mails?|calls?|pitch)"
    r"|special offers|vouchers?)"
)
LIST = (
    r"(?:(?:mailing|e "
    r"?mail|email|marketing|contact|distribution|call|calling|subscri\w+|your) lists?)"
)
EMAILS, CALLS = channels.EMAIL.mail_noun, channels.LIVE_CALL.mail_noun
CHANNEL_NOUNS = {one.mail_noun for one in channels.CHANNELS.values() if one.mail_noun}
ANY_CHANNEL = "|".join(sorted(CHANNEL_NOUNS))
OTHER_CHANNELS = "|".join(sorted(CHANNEL_NOUNS - {EMAILS}))
NOUN = (
    rf"(?:{MARKETING}|{LIST}|{ANY_CHANNEL}|contact|communications?"
    rf"|correspondence|messages?|stuff|rubbish)"
)

# --- Stopping. The first that fits says how sure we are. ------------------------------------------

SUBJECT_FORM = re.compile(
    r"\bno (?:third|3rd|3) part(?:y|ies|ys) (?:e ?mail )?marketing\b"
)  # the notice's own words
END = r"(?:stop|stops|stopping|cease|ceasing|desist|cancel|cancelling|withdraw|withdrawing|revoke|revoking)"
THEY = (
    r"(?:(?:third|3rd) part(?:y|ies|ys)|other (?:companies|organi[sz]ations?|firms?"
    r"|businesses|retailers?)|partners?|any(?:one|body) else)"
)
SURE = pattern(
    r"un ?subscribe\w*",
    r"un ?subscription",
    r"opt(?:ed|ing)? ?out",
    r"opt me out",
    r"opted me out",
    rf"(?:off|from|out of) (?:of )?(?:\w+ ){{0,4}}{LIST}",
    r"(?:off|out of) (?:this|that|the|your|these) (?:\w+ )?lists?",
    rf"{NOUN}(?: \w+){{0,8}} (?:to )?(?:stop|cease)$",
    rf"(?:remov\w*|delet\w*|tak\w*|eras\w*)(?: \w+){{0,6}} {LIST}",
    rf"{END}{GAP}{NOUN}",
    rf"{END}(?: \w+){{0,3}}? {REACH} (?:me|us|my|this|him|her|them)",
    rf"{NO_WISH}{GAP}{NOUN}",
    rf"{NO_WISH}(?: \w+){{0,3}} hear(?:ing)?(?: \w+){{0,2}} from",
    rf"{NO_WISH}(?: \w+){{0,3}} (?:to be |being )?(?:contacted|e ?mailed|mailed|called|phoned"
    rf"|rung|telephoned|texted|written to)",
    rf"{NO_WISH}(?: \w+){{0,2}} (?:you|anyone|anybody|them|companies"
    rf"|{THEY}) to {REACH}(?: \w+)?",
    rf"(?<!you )(?:do not|dont|never|not to)(?: \w+){{0,2}} {REACH} (?:me|us|my|this|him|her)",
    rf"(?<!you )(?:do not|dont|never|not to)(?: \w+){{0,2}} send(?:ing)?{GAP}{NOUN}",
    rf"no (?:more|further|longer any|additional){GAP}?{NOUN}",
    rf"no (?:\w+ )?{MARKETING}",
    rf"no {NOUN} (?:please|thank\w*)",
    rf"object(?:ion|ing|s|ed)? (?:to|against)(?: \w+){{0,10}} (?:{MARKETING}|profiling|{EMAILS}"
    rf"|{CALLS}|being contacted)",
    r"(?:withdraw|withdrawing|revoke)(?: \w+){0,3} (?:consent|permission)",
    r"leave me alone",
    r"do not contact list",
    r"(?:cancel|end|terminate)(?: \w+){0,3} (?:subscription|newsletters?|mailings?)",
    rf"(?:tak|remov|delet)\w* (?:me|us|my \w+|this \w+|{EMAILS})(?: \w+){{0,3}} (?:off"
    rf"|from)(?: \w+){{0,4}} (?:lists?|mailings?|{MARKETING})",
    rf"(?:do not|dont|stop|never|not to|cease|without|not|isnt|arent|object to)(?: \w+){{0,3}} "
    rf"{HAND_ON}{GAP}?{THEY}",
    rf"(?:do not|dont|stop|never|not to|cease|object to)(?: \w+){{0,1}} {SHARE_MINE}",
    rf"(?:not|dont|never|stop|cease|object\w*|withdraw\w*)(?: \w+){{0,6}} "
    rf"(?:use|used|using|process\w*)(?: \w+){{0,6}} "
    rf"(?:for|in)(?: \w+){{0,2}} {MARKETING}",
    rf"(?:can|could|would|will) you (?:please )?not (?:send(?:ing)?{GAP}{NOUN}|{REACH} (?:me|us))",
    rf"(?<!you )(?:do not|dont|never) {REACH}(?: me| us)? (?:again|any ?more|ever)",
    rf"{END}(?: \w+){{0,2}} (?:profiling|targeting) (?:me|us)",
    rf"{NO_WISH}(?: \w+){{0,5}} {HAND_ON}{GAP}?{THEY}",
    rf"no (?:more )?{THEY}",
    rf"{THEY}(?: \w+){{0,2}} (?:must|may|should|can|are) (?:not|never|no longer)",
)
WEAK = pattern(
    r"stop",
    r"cease",
    r"remove (?:me|my (?:e ?mail|address|name|details|number))",
    r"take me off",
    r"no more",
    r"enough",
    r"no longer consent",
    r"right to object",
    r"too many",
    r"fed up",
    r"cancel(?: \w+){0,2} (?:e ?mails?|me)",
    r"desist",
    r"opt",
    r"to be (?:removed|taken off)",
)
POLITE = r"(?:please |pls |kindly |just |(?:will|would|could|can) you )*"
BARE = re.compile(
    rf"{POLITE}(?:stop(?: all| it| this| now| please| thank you| thanks)*|remove(?: me)?(?: "
    r"please)?|"
    r"take me off(?: please)?|no more(?: please)?|no thank ?(?:s|you)|opt "
    r"out|end|quit|cancel|marketing no|"
    rf"no (?:more )?(?:marketing|{ANY_CHANNEL})(?: please| thanks?| thank you)?)"
)
BARE_FIRST = re.compile(
    rf"{POLITE}(?:stop|remove me|take me off|opt out|no more)\b"
    r"(?! (?:my|the|this|that|a|an|your|for|at|\w+ing)\b)"
)
# Not a wish but a line that every newsletter and every company's mail carries.
FOOTER = pattern(
    r"automatically generated",
    r"to (?:un ?subscribe|opt out)(?: \w+){0,8} (?:click|visit|follow|reply|use|go|send|here"
    r"|link|please)",
    r"(?:click|follow|visit|use|tap)(?: \w+){0,8} (?:un ?subscribe|opt out)",
    r"un ?subscribe (?:here|link|at any time)",
    r"manage your (?:preferences|subscriptions?)",
    r"un ?subscribe http\w*",
    r"intended recipient",
    r"confidential\w*",
    r"if you (?:no longer|do not|dont|would like|wish|want)(?: \w+){0,12} (?:click|reply"
    r"|visit|un ?subscribe|link|here)",
    r"you (?:are receiving|received|have received|are subscribed)(?: \w+){0,12} (?:because|as"
    r"|to)",
)
# “Do not unsubscribe me”; but “why do you not stop” and “you don't stop” are wishes to stop.
NEGATED = re.compile(
    r"(?<!you )(?<!why )\b(?:do not|dont|never|please not|not yet)(?: \w+)? (?:un ?subscribe"
    r"|stop|opt me out|remove me|take me off)\b"
    r"(?! (?:to|at|until))|\b(?:did not|didnt|do not|dont|not)(?: \w+)? (?:mean|want|wish"
    r"|intend|ask|asking)(?: \w+)? "
    r"(?:to (?:un ?subscribe|stop|opt out|be removed|be taken off)|you to stop)\b"
    r"|\b(?:un ?subscribed?|opted out|stopped|removed)(?: \w+){0,5} by (?:mistake|accident)\b"
)
RESUME = pattern(
    r"re ?subscribe\w*",
    r"sign me (?:back )?up",
    r"opt(?:ed)? (?:me )?(?:back )?in",
    r"subscribe me",
    r"(?:please|to|and) (?:start|resume|continue|keep|carry on|go on) (?:with "
    rf")?(?:send\w*|receiv\w*|{REACH})",
    rf"(?:happy|like|love|want|wish|glad|pleased)(?: \w+){{0,2}} to (?:receive|get|hear|have"
    rf"|keep){GAP}?(?:{NOUN}|from you)",
    r"add me (?:back )?(?:to|on)",
    rf"(?:{ANY_CHANNEL}) (?:is|are) (?:fine|ok|okay|welcome|good|alright)",
    rf"still (?:want|like|wish|love)(?: \w+){{0,4}} {NOUN}",
    rf"but not (?:\w+ )?(?:{ANY_CHANNEL})",
    rf"(?:only|just) (?:the |your |my )?(?:{ANY_CHANNEL})",
)

# What they would do if we fail, or do not want to happen: it weighs less than what they ask for.
RESERVED = pattern(
    r"should you (?:not|fail)",
    r"if you (?:do not|dont|fail|refuse)",
    r"reserve(?: \w+){0,3} rights?",
    r"(?:would|will|might|could) lead to",
    r"(?:i|we) (?:may|might|will|shall)(?: \w+){0,2} complain",
)

# Somebody who writes for somebody else: a person is to look, and gently.
ANOTHER = pattern(
    r"(?:died|deceased|passed away|bereave\w*|funeral|probate|executors?)",
    r"on behalf of",
    r"power of attorney",
    r"(?:my|her|his|their|our|late) "
    r"(?:mother|father|mum|dad|wife|husband|partner|son|daughter|parents?|grand\w+|aunt|uncle|"
    r"friend|neighbour|client|brother|sister)s?",
    r"used to live here",
    r"no longer lives? here",
)

# What an email with “stop” in it may be about instead.
ELSEWHERE = pattern(
    r"orders?",
    r"parcels?",
    r"deliver\w*",
    r"courier",
    r"driver",
    r"refunds?",
    r"returns?",
    r"invoices?",
    r"payments?",
    r"direct debits?",
    r"statements?",
    r"standing order",
    r"engineer",
    r"bills?",
    r"cheques?",
    r"debts?",
    r"arrears",
    r"interest",
    r"charges?",
    r"fees?",
)
NOT_NAMES_TEXT = """
stop emails email marketing unsubscribe remove order orders parcel tel telephone mobile fax list post calls texts want
not dont more any all third party parties send sending receive removed
"""
NOT_NAMES = frozenset(NOT_NAMES_TEXT.split())

# --- Which channels and whose ---------------------------------------------------------------------

EVERYTHING = pattern(
    r"(?:all|any|every|no)(?: more| further| form of| forms of| kinds? of| other| direct"
    r"| and all| your| of your)* "
    r"(?:marketing|advertising)(?! (?:e ?mails?|calls?|texts?|letters?|post|mail|messages?|by"
    r"|via|through))",
    r"direct marketing(?! (?:e ?mails?|calls?|texts?|letters?|post|mail|by|via))",
    r"everything",
    r"any (?:way|means|form|channel)",
    r"profiling",
    r"leave me alone",
    r"do not contact list",
    r"however sent",
)
CONTACT = pattern(
    r"contact(?:ing|ed)?",
    r"hear(?:ing)? from",
    r"bother\w*",
    r"pester\w*",
    r"harass\w*",
    r"communications?",
    r"correspondence",
)  # every channel, unless the sentence names some
EMAIL_STAYS = pattern(
    rf"{EMAILS} (?:is|are) (?:\w+ )?(?:fine|ok|okay|welcome|good|alright|great)",
    rf"but not (?:the |my |your )?{EMAILS}",
    rf"(?:please|to|and) (?:keep|continue|carry on)(?: \w+){{0,4}} {EMAILS}",
    r"by e ?mail (?:instead|only)",
    rf"still (?:want|like|love|wish)(?: \w+){{0,4}} {EMAILS}",
    rf"(?:love|like|enjoy) (?:your|the|getting) (?:\w+ )?{EMAILS}",
    rf"happy (?:with|to (?:receive|get))(?: \w+){{0,3}} {EMAILS}",
    rf"(?:only|just) (?:the |your |my )?(?:{OTHER_CHANNELS})",
    rf"except (?:by |for |the )?{EMAILS}",
)
OTHERS = pattern(THEY, r"someone else", r"other people", r"outside companies", SHARE_MINE)
OURS = pattern(
    r"(?:from|by) (?:you|yourselves|yourself|your company)",
    r"your (?:own )?(?:e ?mails?|marketing|newsletters?|offers?|"
    r"catalogues?|calls?|texts?|promotions?)",
    r"(?:all|any) (?:marketing|e ?mails?|emails?|direct marketing)",
    r"you (?:or|and|nor)",
    r"both",
    r"un ?subscribe\w*",
    r"everything",
    r"send(?:ing)? (?:me|us)",
    rf"(?:stop|stopping|cease|quit|not|dont|never) (?:please )?{REACH} (?:me|us)",
)

# --- An order or an account. Requests have their words with their right (`request_words`).

ORDER = pattern(
    r"orders?",
    r"ordered",
    r"parcels?",
    r"deliver\w*",
    r"refunds?",
    r"returns?",
    r"returned",
    r"invoices?",
    r"payments?",
    r"statements?",
    r"direct debit",
    r"balance",
    r"faulty",
    r"broken",
    r"exchange",
    r"size",
    r"tracking",
    r"arrived",
    r"password",
    r"prize",
    r"draw",
)

QUESTION = re.compile(
    r"(?:also |and |by the way )*(?:where|when|why|what|how|who|which|can i|could i|may i|do i|did"
    r"|have you|has|is there|are there)\b"
)

# --- Words that say nothing by themselves: an email of only these, a name and a number is the
# notice's own form ----

FILLER_TEXT = """
a an and am any as at att attn be best cc cheers dear do email e f for from full fyi good greetings hello hi hiya i id
in is it kind kindly kindest m mail mailing mailto madam many marketing may me message miss mr mrs ms mx my name named
no number nr num of on our outlook phone please pls policy privacy re ref reference regards regs request respectfully
rgds sent sign signed sincerely sir sirs thank thanks the this to team ta thx truly tv u version warm warmest wishes
with yours faithfully your you afternoon morning evening day customer cust account acct client hartwell home shopping
ltd care team concern whom it iphone ipad android samsung galaxy mobile device app get blackberry windows x yahoo
gmail lead tel telephone data protection notice department dept details begin end first last surname forename given
under per preference preferences choice choices subject fw fwd aw wg sg
"""
FILLER = frozenset(FILLER_TEXT.split())
