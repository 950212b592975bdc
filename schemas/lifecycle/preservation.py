"""How does the keeping of data go: asked, confirmed, renewed, held for the request that follows, ended?

While a request that followed is undecided, what leads to `preserved` or `disclosed` here leads to `held`
(`workflows.stages.holding.leads`).
"""

from __future__ import annotations

from schemas.lifecycle.common import DECISION, WITH_LIAISON, preparing, talking_incoming, talking_outgoing
from schemas.lifecycle.rule import COUNTERPART, OWN, MoveRule, at

_ASKED = at("sent", "received", "acknowledged", "supplementing", "accepted", "postponed")
_CAME_IN = _ASKED - at("sent")
_KEPT = at("preserved", "held")
_SILENT = at("received", "acknowledged", "accepted")
_TALKED = _KEPT | at("supplementing", "postponed")
_STILL = at("disclosed", "released", "lapsed")
_ENDED = _STILL | at("refused", "withdrawn")
_DECIDED = {"disclosed": "disclosed", "refused": "preserved", "withdrawn": "preserved"}

_OVER = "the time to keep the data is over; file a new request for preservation and link it to this one"
INSTEAD: dict[tuple[str, str], str] = {
    ("renew", "lapsed"): _OVER,
    ("renew", "released"): _OVER,
    ("follow-up", "lapsed"): _OVER,
    ("follow-up", "released"): _OVER,
}
"""What a wrong move is told beside what is allowed, by event and status."""

PRESERVATION_OUTGOING: tuple[MoveRule, ...] = (
    *preparing(_ASKED | _KEPT, {"true": "sent", "false": "sent"}, WITH_LIAISON),
    *talking_outgoing(_ASKED | _KEPT, _STILL),
    MoveRule("harm", COUNTERPART, _ASKED | _KEPT),
    MoveRule("decide", COUNTERPART, _ASKED, by_field="decision", to_by=DECISION),
    # a word that came late, or another one after the end: they keep the data after all
    MoveRule("preserved", COUNTERPART, _ASKED | at("lapsed"), "preserved"),
    MoveRule("preserved", COUNTERPART, _KEPT),
    # an order that binds the provider runs from its receipt, whether or not it says anything
    MoveRule("renew", OWN, _CAME_IN | _KEPT, emits=True, roles=WITH_LIAISON),
    MoveRule("renewed", COUNTERPART, _TALKED),
    MoveRule("renewed", COUNTERPART, _SILENT | at("lapsed"), "preserved"),
    MoveRule("follow-up", OWN, at("preserved"), "held", emits=True, roles=WITH_LIAISON),
    MoveRule("follow-up", OWN, _ASKED | at("held"), emits=True, roles=WITH_LIAISON),
    MoveRule("follow-up-decided", OWN, at("held"), by_field="result", to_by=_DECIDED, emits=True),
    MoveRule("follow-up-decided", OWN, _ASKED | at("preserved"), emits=True),
    MoveRule("follow-up-decided", OWN, _ENDED),
    MoveRule("follow-up-decided", COUNTERPART, at("held"), by_field="result", to_by=_DECIDED),
    MoveRule("follow-up-decided", COUNTERPART, _ASKED | at("preserved") | _ENDED),
    # traffic data that show another provider are disclosed at once (Budapest 30)
    MoveRule("evidence", COUNTERPART, _ASKED | _KEPT | at("disclosed")),
    MoveRule("release-data", OWN, _TALKED | at("disclosed"), "released", emits=True),
    MoveRule("release-data", COUNTERPART, _TALKED | at("disclosed"), "released"),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _ASKED | _KEPT | _ENDED),
)

PRESERVATION_INCOMING: tuple[MoveRule, ...] = (
    *talking_incoming(_CAME_IN | _KEPT, _STILL),
    MoveRule("harm", OWN, _CAME_IN | _KEPT, emits=True, roles=WITH_LIAISON),
    MoveRule("decide", OWN, _CAME_IN, by_field="decision", to_by=DECISION, emits=True),
    # a note: the provider has our order, and the asking side hears of it when the data are kept
    MoveRule("served", OWN, _CAME_IN | _KEPT, roles=WITH_LIAISON),
    MoveRule("preserved", OWN, _CAME_IN | at("lapsed"), "preserved", emits=True, roles=WITH_LIAISON),
    MoveRule("preserved", OWN, _KEPT, emits=True, roles=WITH_LIAISON),
    MoveRule("renew", COUNTERPART, _TALKED),
    MoveRule("renewed", OWN, _TALKED, emits=True, roles=WITH_LIAISON),
    MoveRule("renewed", OWN, at("lapsed"), "preserved", emits=True, roles=WITH_LIAISON),
    MoveRule("follow-up", COUNTERPART, at("preserved"), "held"),
    MoveRule("follow-up", COUNTERPART, _CAME_IN | at("held")),
    MoveRule("follow-up", OWN, at("preserved"), "held"),
    MoveRule("follow-up", OWN, _CAME_IN | at("held")),
    MoveRule("follow-up-decided", OWN, at("held"), by_field="result", to_by=_DECIDED, emits=True),
    MoveRule("follow-up-decided", OWN, _CAME_IN | at("preserved") | _ENDED),
    MoveRule("follow-up-decided", COUNTERPART, at("held"), by_field="result", to_by=_DECIDED),
    MoveRule("follow-up-decided", COUNTERPART, _CAME_IN | at("preserved") | _ENDED),
    MoveRule("evidence", OWN, _CAME_IN | _KEPT | at("disclosed"), emits=True),
    MoveRule("release-data", OWN, _TALKED | at("disclosed"), "released", emits=True),
    MoveRule("release-data", COUNTERPART, _TALKED | at("disclosed"), "released"),
    MoveRule("close", OWN, _ENDED, "closed", emits=True),
    MoveRule("close", COUNTERPART, _CAME_IN | _KEPT | _ENDED, "closed"),
)
