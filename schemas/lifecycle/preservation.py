"""How does the keeping of data go: asked, confirmed, renewed, held for the request that follows, ended?"""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, WITH_LIAISON, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at

_ASKED = at("sent", "received", "acknowledged", "supplementing", "accepted", "postponed")
_KEPT = at("preserved", "held")
_ENDED = at("refused", "released", "lapsed", "disclosed", "withdrawn")
_DECIDED = {"disclosed": "disclosed", "refused": "preserved", "withdrawn": "preserved"}

PRESERVATION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_ASKED | _KEPT, {"true": "sent", "false": "sent"}, WITH_LIAISON),
    *talking_outgoing(_ASKED | _KEPT, at("disclosed")),
    MoveRule("harm", COUNTERPART, _ASKED),
    MoveRule("decide", COUNTERPART, _ASKED, by_field="decision", to_by=DECISION),
    MoveRule("preserved", COUNTERPART, _ASKED, "preserved"),
    MoveRule("preserved", COUNTERPART, _KEPT),
    MoveRule("renew", OWN, _KEPT, emits=True, roles=WITH_LIAISON),
    MoveRule("renewed", COUNTERPART, _KEPT),
    MoveRule("follow-up", OWN, at("preserved"), "held", emits=True, roles=WITH_LIAISON),
    MoveRule("follow-up", OWN, _ASKED | at("held"), emits=True, roles=WITH_LIAISON),
    MoveRule("follow-up-decided", OWN, at("held"), by_field="result", to_by=_DECIDED, emits=True),
    MoveRule("follow-up-decided", OWN, _ASKED | at("preserved"), emits=True),
    # traffic data that show another provider are disclosed at once (Budapest 30)
    MoveRule("evidence", COUNTERPART, _ASKED | _KEPT),
    MoveRule("release-data", OWN, _KEPT | at("disclosed"), "released", emits=True),
    MoveRule("release-data", COUNTERPART, _KEPT | at("disclosed"), "released"),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _ASKED | _KEPT | _ENDED),
)

PRESERVATION_INCOMING: tuple[MoveRule, ...] = (
    *talking_incoming((_ASKED - at("sent")) | _KEPT, at("disclosed")),
    MoveRule("harm", OWN, _ASKED - at("sent"), emits=True, roles=WITH_LIAISON),
    MoveRule("decide", OWN, _ASKED - at("sent"), by_field="decision", to_by=DECISION, emits=True),
    MoveRule("served", OWN, _ASKED - at("sent"), roles=WITH_LIAISON),
    MoveRule("preserved", OWN, _ASKED - at("sent"), "preserved", emits=True, roles=WITH_LIAISON),
    MoveRule("preserved", OWN, _KEPT, emits=True, roles=WITH_LIAISON),
    MoveRule("renew", COUNTERPART, _KEPT),
    MoveRule("renewed", OWN, _KEPT, emits=True, roles=WITH_LIAISON),
    MoveRule("follow-up", COUNTERPART, at("preserved"), "held"),
    MoveRule("follow-up", COUNTERPART, (_ASKED - at("sent")) | at("held")),
    MoveRule("follow-up", OWN, at("preserved"), "held"),
    MoveRule("follow-up", OWN, (_ASKED - at("sent")) | at("held")),
    MoveRule("follow-up-decided", OWN, at("held"), by_field="result", to_by=_DECIDED, emits=True),
    MoveRule("follow-up-decided", COUNTERPART, at("held"), by_field="result", to_by=_DECIDED),
    MoveRule("follow-up-decided", COUNTERPART, (_ASKED - at("sent")) | at("preserved")),
    MoveRule("evidence", OWN, (_ASKED - at("sent")) | _KEPT, emits=True),
    MoveRule("release-data", OWN, _KEPT | at("disclosed"), "released", emits=True),
    MoveRule("release-data", COUNTERPART, _KEPT | at("disclosed"), "released"),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, (_ASKED - at("sent")) | _KEPT | _ENDED, "closed"),
)
