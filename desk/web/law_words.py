"""What are acts, roles of articles and functions of authorities called on the pages of the law?"""

from __future__ import annotations

from desk.web.words import N_

ACTS = {
    "signed": N_("Signed"),
    "ratified": N_("Ratified"),
    "accepted": N_("Accepted"),
    "approved": N_("Approved"),
    "acceded": N_("Acceded"),
    "accession-accepted": N_("Accepted an accession"),
    "succeeded": N_("Succeeded"),
    "provisionally-applied": N_("Applied provisionally"),
    "in-force": N_("In force"),
    "extended": N_("Extended"),
    "extension-ended": N_("Extension ended"),
    "reservation": N_("Reservation"),
    "declaration": N_("Declaration"),
    "objection": N_("Objection"),
    "relations-excluded": N_("Excluded relations"),
    "amended": N_("Amended"),
    "replaced": N_("Replaced"),
    "suspended": N_("Suspended"),
    "resumed": N_("Resumed"),
    "withdrawn": N_("Withdrawn"),
    "denounced": N_("Denounced"),
    "terminated": N_("Terminated"),
}
ROLES = {
    "reach": N_("Gives assistance"),
    "procedure": N_("Steers how it is given"),
    "safeguard": N_("Safeguards"),
}
FORCES = {"duty": N_("Duty"), "option": N_("Option")}
FUNCTIONS = {
    "mla-in": N_("Receives requests for assistance"),
    "mla-out": N_("Sends requests for assistance"),
    "extradition-in": N_("Receives requests for extradition"),
    "contact-24-7": N_("24/7 point of contact"),
    "eio-in": N_("Receives European Investigation Orders"),
    "e-evidence-enforcing": N_("Enforces European orders for electronic evidence"),
}
ORGANISATIONS = {
    "african-union": N_("African Union"),
    "arab-league": N_("League of Arab States"),
    "asean": N_("ASEAN"),
    "coe": N_("Council of Europe"),
    "commonwealth": N_("Commonwealth"),
    "ecowas": N_("ECOWAS"),
    "eu": N_("European Union"),
    "oas": N_("Organization of American States"),
    "un": N_("United Nations"),
}
DEATH_PENALTY = {
    "abolitionist": N_("Abolished for all crimes"),
    "ordinary-crimes": N_("Abolished for ordinary crimes"),
    "de-facto": N_("Kept, but not used for long"),
    "retentionist": N_("Kept"),
}
TRADITIONS = {
    "civil law": N_("Civil law"),
    "common law": N_("Common law"),
    "common law (Islamic law in personal matters)": N_("Common law (Islamic law in personal matters)"),
    "mixed": N_("Mixed"),
    "mixed (common and customary law)": N_("Mixed (common and customary law)"),
    "mixed civil and common law": N_("Mixed civil and common law"),
    "mixed with Islamic law": N_("Mixed with Islamic law"),
}
REGIMES = {
    "requested": N_("A language of the requested State"),
    "requesting-or-requested": N_("A language of either State"),
    "acceptable": N_("A language that the requested State has named"),
    "none": N_("No translation is needed"),
    "codes": N_("One of these languages"),
    "both": N_("Languages of both States"),
}
RULES = {
    "provisions": N_("Articles on assistance"),
    "channels": N_("Ways"),
    "languages": N_("Languages"),
    "deadlines": N_("Time limits"),
    "conditions": N_("Conditions of the case"),
    "grounds": N_("Grounds for refusal"),
    "not_grounds": N_("Not to be refused for"),
    "contents": N_("What a request must hold"),
    "issuers": N_("Who must issue or validate"),
    "duties": N_("Duties of the requested State"),
    "precedence": N_("What it goes before"),
    "saving": N_("Requests that are pending"),
}
"""Headings of the lists of rules of an instrument, in the order in which they are shown."""
REQUIRED = {"yes": N_("Required"), "conditional": N_("Required in some cases"), "no": N_("Not required")}
GROUNDS = {
    "yes": N_("It must refuse."),
    "no": N_("It may refuse."),
    "may-by-reservation": N_("It may refuse if it made a reservation."),
}
