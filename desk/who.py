"""Who is asking, what may they do, and how much of a case may they see? What is not granted is denied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import IntEnum, StrEnum

from records.absences import Absence, stands_in_for
from records.docket import Concern
from schemas.case import CaseState, DocketRow
from schemas.errors import NotAllowed
from schemas.handoff import OPEN, Holder
from schemas.lifecycle import COUNTERPART, LIFECYCLES, OWN, UNSENT
from schemas.moves import Actor
from schemas.vocabulary import Kind, Role, Side


class Permission(StrEnum):
    """One thing a route lets a person do."""

    ASK_LAW = "ask-law"
    FILE_CASE = "file-case"
    FILE_PRESERVATION = "file-preservation"
    LIST_CASES = "list-cases"
    SEE_CASE = "see-case"
    SEE_RECORD = "see-record"
    ADD_DOCUMENT = "add-document"
    SEAL_LETTER = "seal-letter"
    RELEASE_IDENTITY = "release-identity"
    GUARD_NAMES = "guard-names"
    MOVE_CASE = "move-case"
    REVIVE_CASE = "revive-case"
    ERASE_CASE = "erase-case"
    IMPORT_CASES = "import-cases"
    SEE_HEAD = "see-head"
    EXPORT_LEDGER = "export-ledger"
    VERIFY_LEDGER = "verify-ledger"
    REBUILD_DOCKET = "rebuild-docket"
    KEEP_ACCOUNTS = "keep-accounts"
    KEEP_ABSENCES = "keep-absences"
    LET_LEAVE = "let-leave"
    SEE_SELF = "see-self"
    SEE_TRUST = "see-trust"
    BACK_UP = "back-up"
    SEE_WORKSHOP = "see-workshop"
    SEE_IMPACT = "see-impact"
    PROPOSE_LAW = "propose-law"
    DECIDE_LAW = "decide-law"
    KEEP_WATCH = "keep-watch"
    SEE_FIGURES = "see-figures"
    SEE_OPERATION = "see-operation"


_EVERY = frozenset(Role)
_OFFICE = frozenset({Role.OFFICER, Role.APPROVER})
_CASEWORK = _OFFICE | {Role.ISSUING_AUTHORITY}

GRANTED: dict[Permission, frozenset[Role]] = {
    Permission.ASK_LAW: _EVERY,
    Permission.FILE_CASE: _OFFICE,
    # Data vanish while an officer is being found: whoever sits at the 24/7 point may ask for them to be kept.
    Permission.FILE_PRESERVATION: _OFFICE | {Role.LIAISON},
    Permission.LIST_CASES: _CASEWORK | {Role.LIAISON, Role.AUDITOR},
    Permission.SEE_CASE: _CASEWORK | {Role.LIAISON, Role.AUDITOR},
    Permission.SEE_RECORD: _CASEWORK | {Role.AUDITOR},
    Permission.ADD_DOCUMENT: _CASEWORK,
    Permission.SEAL_LETTER: _OFFICE,
    # Who a protected person is leaves by a named decision, not by everyday work.
    Permission.RELEASE_IDENTITY: frozenset({Role.APPROVER}),
    # The names are shown to nobody: whoever learns one may have it guarded. To let one go is a release.
    Permission.GUARD_NAMES: _OFFICE,
    Permission.MOVE_CASE: _CASEWORK | {Role.LIAISON},
    Permission.REVIVE_CASE: _OFFICE | {Role.OPERATOR},
    Permission.ERASE_CASE: _OFFICE,
    Permission.IMPORT_CASES: _OFFICE,
    Permission.SEE_HEAD: _EVERY,
    Permission.EXPORT_LEDGER: frozenset({Role.AUDITOR, Role.OPERATOR}),
    Permission.VERIFY_LEDGER: _OFFICE | {Role.AUDITOR, Role.OPERATOR},
    Permission.REBUILD_DOCKET: frozenset({Role.OPERATOR}),
    Permission.KEEP_ACCOUNTS: frozenset({Role.OPERATOR}),
    # One's own; those of others are for an approver or operator (`require_absence_of`).
    Permission.KEEP_ABSENCES: _EVERY,
    # Cases change hands with a leaver, and no operator moves cases.
    Permission.LET_LEAVE: frozenset({Role.APPROVER}),
    Permission.SEE_SELF: _EVERY,
    Permission.SEE_TRUST: _OFFICE | {Role.AUDITOR, Role.OPERATOR},
    Permission.BACK_UP: frozenset({Role.OPERATOR}),
    Permission.SEE_WORKSHOP: _OFFICE | {Role.TREATY_DESK, Role.AUDITOR, Role.OPERATOR},
    Permission.SEE_IMPACT: _OFFICE | {Role.TREATY_DESK, Role.AUDITOR},
    Permission.PROPOSE_LAW: frozenset({Role.TREATY_DESK}),
    Permission.DECIDE_LAW: frozenset({Role.TREATY_DESK}),
    Permission.KEEP_WATCH: frozenset({Role.TREATY_DESK, Role.OPERATOR}),
    Permission.SEE_FIGURES: _OFFICE | {Role.AUDITOR, Role.OPERATOR},
    Permission.SEE_OPERATION: frozenset({Role.AUDITOR, Role.OPERATOR}),
}
"""The whole table. A permission missing here is granted to nobody."""

_HOUSE_ALONE = frozenset({"confirm", "delivered"})
"""Made by the house itself on a signed message; by a person only `delivered`, as proof that came by post."""

_BATON: dict[str, frozenset[Role]] = {
    # Whoever may take a case can pass it on again: else one accepted by the police would stay there for good.
    "offer": _CASEWORK | {Role.LIAISON},
    "accept": _CASEWORK | {Role.LIAISON},
    "return": _CASEWORK | {Role.LIAISON},
    "withdraw-offer": _CASEWORK | {Role.LIAISON},
    "hold": _OFFICE,
    "posted": _OFFICE,
    "errand-again": _OFFICE,
    "reassign": frozenset({Role.APPROVER}),
    "link": _OFFICE,
    "use": _OFFICE,
}


class NotSignedIn(NotAllowed):
    """No token, or one that is unknown, expired or revoked: the same answer for all."""

    code = "not-signed-in"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "This needs a valid token.",
            where="Authorization",
            next_step="send `Authorization: Bearer TOKEN`; an operator of the house issues tokens",
        )


class Sight(IntEnum):
    """How much of a case an actor sees. Each step includes the ones below it."""

    NOTHING = 0
    STATUS = 1
    RECORD = 2
    FULL = 3


def _event_roles() -> dict[tuple[str, str], frozenset[Role]]:
    found: dict[tuple[str, str], frozenset[Role]] = {}
    for rules in LIFECYCLES.values():
        for rule in rules:
            place = (rule.by, rule.event)
            found[place] = found.get(place, frozenset()) | rule.roles
    return found


_ROLES = _event_roles()


def roles_for(event: str, by_post: bool = False) -> frozenset[Role]:
    """Roles that may make `event` at all; when and on which case is the case's own rule.

    `by_post`: an officer records what the counterpart did.
    """
    if event in _BATON:
        return _BATON[event]
    if by_post:
        return _ROLES.get((COUNTERPART, event), frozenset())
    if event in _HOUSE_ALONE:
        return frozenset()
    return _ROLES.get((OWN, event), frozenset())


def standing_in(actor: Actor, absences: Iterable[Absence], day: date) -> Actor:
    """The same actor, who on `day` acts for absent colleagues too: with the own roles, never with theirs."""
    return actor.model_copy(update={"acts_for": stands_in_for(absences, actor.id, day)})


def may(actor: Actor, permission: Permission) -> bool:
    """Does one of the actor's roles carry `permission`?"""
    return bool(GRANTED.get(permission, frozenset()) & set(actor.roles))


def require(actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed, naming the roles that may, unless `may`."""
    if not may(actor, permission):
        raise _denied(permission.value, GRANTED.get(permission, frozenset()))


def require_filing(actor: Actor, kind: Kind) -> None:
    """Raises NotAllowed unless the actor may open a case of this kind."""
    require(actor, Permission.FILE_PRESERVATION if kind is Kind.PRESERVATION else Permission.FILE_CASE)


def require_absence_of(actor: Actor, account: str) -> None:
    """Raises NotAllowed unless the absence is the actor's own, or the actor keeps those of others."""
    keepers = frozenset({Role.APPROVER, Role.OPERATOR})
    if actor.id != account and not keepers & set(actor.roles):
        raise _denied("recording the absence of another", keepers)


def require_move(actor: Actor, event: str, by_post: bool = False) -> None:
    """Raises NotAllowed unless a role of the actor may make `event`."""
    granted = roles_for(event, by_post)
    if not granted & set(actor.roles):
        raise _denied(f"the move {event!r}", granted)


def _denied(what: str, granted: Iterable[Role]) -> NotAllowed:
    names = ", ".join(sorted(role.value for role in granted))
    hint = f"ask one who is {names}" if names else "only the house itself does this"
    return NotAllowed(f"Your roles do not allow {what}.", where="Authorization", next_step=hint)


def sight(actor: Actor, case: CaseState | DocketRow) -> Sight:
    """How much of `case` does `actor` see?

    Officers and approvers of the central authority see every case of their house. Those of another agency,
    and issuing authorities, see the cases that concern them: they hold it, filed it, or were offered it; an
    issuing authority also what waits to be issued. An auditor sees what happened, not what it was about. A
    liaison sees where a case stands, and the whole of a preservation that concerns them.
    """
    if actor.house != case.house:
        return Sight.NOTHING
    roles = set(actor.roles)
    if roles & _OFFICE and (actor.agency == "central-authority" or concerned(actor, case)):
        return Sight.FULL
    if Role.ISSUING_AUTHORITY in roles and (_waits_to_be_issued(case) or concerned(actor, case)):
        return Sight.FULL
    if Role.AUDITOR in roles:
        return Sight.RECORD
    if Role.LIAISON in roles:
        return Sight.FULL if case.kind is Kind.PRESERVATION and concerned(actor, case) else Sight.STATUS
    return Sight.NOTHING


def concern_of(actor: Actor) -> Concern | None:
    """Which cases to look through for those of which `sight` shows the actor something; None: all.

    A liaison sees where any case stands, but only if they name it: lists show them what concerns them.
    """
    roles = set(actor.roles)
    if Role.AUDITOR in roles or (roles & _OFFICE and actor.agency == "central-authority"):
        return None
    accounts = (actor.id, *actor.acts_for)
    return Concern(actor.house, actor.agency, accounts, drafts=Role.ISSUING_AUTHORITY in roles)


def concerned(actor: Actor, case: CaseState | DocketRow) -> bool:
    """Do the actor or the actor's agency hold the case, or have it on offer, or did they file it?

    What concerns an absent colleague concerns whoever stands in for them.
    """
    own = (actor.id, *actor.acts_for)
    if case.filed_by in own:
        return True
    if isinstance(case, DocketRow):
        holder = Holder(house=case.holder_house, function=case.holder_function, actor=case.holder_actor)
        return _is(actor, holder) or _offered(actor, case)
    addressed = [case.holder, *(offer.receiver for offer in case.handoffs if offer.status in OPEN)]
    signed = any(each.actor in own for each in case.signed)
    return signed or any(_is(actor, holder) for holder in addressed)


def _offered(actor: Actor, line: DocketRow) -> bool:
    """Is the baton on offer to the actor: to the function, or to the one person named after it?"""
    if line.offered_to is None:
        return False
    function, _, named = line.offered_to.partition("/")
    return _is(actor, Holder(house=line.house, function=function, actor=named or None))


def _is(actor: Actor, holder: Holder) -> bool:
    if holder.house != actor.house:
        return False
    if holder.actor:
        return holder.actor == actor.id or holder.actor in actor.acts_for
    return holder.function == actor.agency


def _waits_to_be_issued(case: CaseState | DocketRow) -> bool:
    return case.side is Side.OUTGOING and case.status in UNSENT
