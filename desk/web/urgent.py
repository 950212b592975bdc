"""How does one short page become a request that data be kept, filed and sent within two minutes?

The texts are asked by what they mean, not by where the legal basis wants them: `CONTENTS` says under which
contents of a basis each of them goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.filing import check_request, check_side
from desk.web import filing_answers, filing_law, words
from desk.web.filing_law import DATA, Found, linked_first
from desk.web.filing_step import KIND, SIDE, Field, Step
from desk.web.forms import Typed
from desk.web.frame import Visitor
from desk.web.look import Speaker
from desk.web.words import N_
from schemas.errors import RogatoryError
from schemas.moves import FileRequest, Send
from schemas.vocabulary import Kind, Measure

USUAL = (Measure.STORED_CONTENT.value, Measure.TRAFFIC_DATA.value, Measure.SUBSCRIBER_DATA.value)
MOST_LETTERS = 4_000

CONTENTS: dict[str, tuple[str, ...]] = {
    "authority": ("requesting-authority", "issuing-authority", "authority-seeking", "k-issuing-authority",
                  "issuing-and-validating-authority", "investigating-authority"),
    "facts": ("offence-and-brief-facts", "facts", "g1-facts", "case-summary", "facts-summary",
              "criminal-act-and-provisions"),
    "link": ("data-to-preserve-and-link", "c-measures", "measures-and-evidence"),
    "where": ("custodian-or-location", "provider", "addressee"),
    "need": ("necessity", "object-and-reasons"),
}  # fmt: skip
"""Under which contents a text goes: those of them that the basis wants, and the first where it wants none."""
INTENT = "intent-to-send-mla"
FOLLOWS, USUAL_REQUEST = "intends", "usual"
ASSISTANCE, DISCLOSURE = Kind.MLA.value, Kind.PRODUCTION.value
WILL_FOLLOW = {
    ASSISTANCE: N_("A request for mutual legal assistance concerning these data will follow."),
    DISCLOSURE: N_("A request or order for the disclosure of these data will follow."),
}
"""What the letter says of the request that follows (Budapest 29(2)(f)), in its own language."""
USUALLY = N_("What is usual")

FIELDS = (
    Field("requested", "requested", "", "select", need=N_("Choose the State in which the data are.")),
    Field("accounts", "accounts", "", "lines", need=N_("Write at least one account.")),
    Field("measures", "measures", "", "several", need=N_("Choose at least one sort of data.")),
    Field("provider", "provider", "", "select"),
    Field("direct", "direct", "", "one", options="ways"),
    Field(FOLLOWS, FOLLOWS, "", "one", options="intentions"),
    Field("until", "until", "", "day"),
    Field("offence-1-slug", "offences.0.slug", "", "select"),
    Field("offence-1-law", "offences.0.law", ""),
    Field("child_at_risk", "child_at_risk", "", "tick"),
    Field("urgency_reason", "urgency_reason", "", "area", need=N_("Say why the data cannot wait.")),
    Field("certified_by", "emergency.certified_by", ""),
    Field("certified_at", "emergency.certified_at", "", "moment"),
    Field("data_protection_ground", "data_protection_ground", "", "area"),
)  # fmt: skip
NEEDED = {
    "authority": N_("Say which authority asks, with its file number."),
    "facts": N_("Tell the facts in short: the other side must know the offence."),
    "link": N_("Say what the data have to do with the offence."),
    "need": N_("Say why the data must be kept."),
}
BOTH_OR_NONE = N_("Choose the offence and write its provision, or leave both empty.")
WHEN_CERTIFIED = N_("Give the moment at which the emergency was certified.")
WHY = {
    "not-approved": N_("It waits for approval by a second person."),
    "gaps-stay": N_("Whoever must issue or validate such a request has to sign it first."),
    "no-emergency": N_("Nobody certified an emergency, so it waits for approval by a second person."),
    "law-not-answered": N_("The law could not be asked yet: choose a basis in the case."),
}
"""Why it was not sent at once, by the code of the refusal."""
WAITS = "not-approved"


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The case; `why`: the code of what kept it from being sent, empty if it went."""

    ref: str
    why: str


def choices(visitor: Visitor) -> dict[str, Any]:
    """What the page offers to choose from."""
    speak = Speaker(visitor.language)
    none = Typed({KIND: ["preservation"]})
    return {
        "near": linked_first(visitor, "preservation"),
        "measures": [(one.value, speak.label(one, "measure")) for one in DATA],
        "providers": filing_law.options_of(visitor, "providers", none, Found()),
        "ways": filing_law.options_of(visitor, "ways", none, Found()),
        "offences": filing_law.options_of(visitor, "offences", none, Found()),
        "intentions": [
            (USUAL_REQUEST, visitor.say(USUALLY)),
            *filing_law.options_of(visitor, "intentions", none, Found()),
        ],
    }


def law_of(visitor: Visitor, typed: Typed) -> Found:
    """What the law says of it as far as it is written."""
    return filing_law.law_of(visitor, _as_draft(typed))


def step_of(visitor: Visitor, typed: Typed) -> Step:
    """The page as a step of the filing: its fields, with the contents under which its texts go."""
    return Step("urgent", "", (*FIELDS, *(field for field, _ in _contents(visitor, typed))))


def refuse_wrong(typed: Typed, visitor: Visitor) -> None:
    """Refuses what is missing or cannot be read, at its field."""
    filing_answers.refuse_wrong(typed, Step("urgent", "", FIELDS), visitor, visitor.house.office.zone)
    typed.needs(visitor, NEEDED)
    texts = Step("urgent", "", tuple(Field(name, "", "", "area") for name in CONTENTS))
    filing_answers.refuse_wrong(typed, texts, visitor, visitor.house.office.zone)
    if bool(typed.get("offence-1-slug")) != bool(typed.get("offence-1-law")):
        name = "offence-1-law" if typed.get("offence-1-slug") else "offence-1-slug"
        typed.refuse(name, visitor.say(BOTH_OR_NONE))
    if typed.get("certified_by") and not typed.get("certified_at"):
        typed.refuse("certified_at", visitor.say(WHEN_CERTIFIED))


async def dispatched(visitor: Visitor, typed: Typed) -> Dispatched:
    """Files it, and sends it if somebody certified the emergency. The same key makes one case and one letter.

    Raises RogatoryError for what cannot be filed; what cannot be sent is told, and the case is there.
    """
    office, key = visitor.house.office, typed.get("key")
    body = _body(visitor, typed)
    filed = await office.file(visitor.who, body, key)
    if not typed.get("certified_by"):
        return Dispatched(filed.ref, WAITS)
    send = Send(emergency=True, reason=typed.get("urgency_reason"))
    try:
        await office.move(visitor.who, filed.ref, send, f"{key}-send")
    except RogatoryError as error:
        if error.retry:
            raise
        return Dispatched(filed.ref, error.code)
    return Dispatched(filed.ref, "")


def _body(visitor: Visitor, typed: Typed) -> FileRequest:
    house = visitor.house
    home, draft = house.office.settings.state, _as_draft(typed)
    fields = _contents(visitor, typed)
    for field, text in fields:
        draft.values[field.name] = [text]
    if typed.get("certified_by"):
        draft.values["emergency-facts"] = [typed.get("urgency_reason")]
    else:
        draft.values.pop("certified_at", None)
    facts = Field("emergency-facts", "emergency.facts", "", "area")
    urgent = Field("urgent", "urgent", "", "tick")
    step = Step("urgent", "", (*FIELDS, facts, urgent, *(field for field, _ in fields)))
    made = filing_answers.move_of(draft, [step], home, house.office.zone)
    check_side(made, home)
    if not house.records.attempts.answered(f"{visitor.who.id}:{typed.get('key')}"):
        check_request(house.registry, made, house.today())
    return FileRequest.model_validate(made.model_dump())


def _contents(visitor: Visitor, typed: Typed) -> list[tuple[Field, str]]:
    """A field with its text for every content under which one of the texts goes."""
    found = law_of(visitor, typed)
    wanted = set(filing_law.content_names(visitor, found))
    told: dict[str, str] = {}
    for name, codes in CONTENTS.items():
        if text := typed.get(name):
            told |= dict.fromkeys([code for code in codes if code in wanted] or codes[:1], text)
    if INTENT in wanted:
        told[INTENT] = words.catalog(_language(typed)).gettext(WILL_FOLLOW[following(typed)])
    return [(Field(f"contents-{code}", f"contents.{code}", "", "area"), text) for code, text in told.items()]


def following(typed: Typed) -> str:
    """Which request is to follow: what was chosen, else what is usual for the way the letter goes."""
    chosen = typed.get(FOLLOWS)
    if chosen in WILL_FOLLOW:
        return chosen
    return DISCLOSURE if typed.get("direct") == "provider" else ASSISTANCE


def _language(typed: Typed) -> str:
    return typed.get("language") or words.ENGLISH


def _as_draft(typed: Typed) -> Typed:
    values = {name: list(each) for name, each in typed.values.items()}
    fixed = {KIND: ["preservation"], SIDE: ["outgoing"], "urgent": ["yes"], FOLLOWS: [following(typed)]}
    if typed.get("certified_by"):
        fixed["emergency-certified_by"] = [typed.get("certified_by")]
    return Typed({**values, **fixed})
