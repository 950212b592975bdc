"""What is a person asked who files a request, one question a page, and when is each asked? Data.

A field names its place in the request (`path`, as in schemas.request); a path that begins with `!` stands
beside the request, in the move that files it. Steps of which there may be several, or which the law asks for,
are made by `offence_step` and `content_step`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.web.forms import Typed
from desk.web.words import N_
from schemas.vocabulary import COERCIVE, COMMUNICATIONS_DATA, Measure

Asked = Callable[[Typed], bool]

MOST_OFFENCES = 10
FIRST = ":first"
"""Stands for the first basis that can be used, whichever that is when the request is filed."""
SIDE, KIND, BASE, SEEN = "_side", "_kind", "_base", "_seen"
"""What a draft holds beside the answers: the side, the file it began with, and the pages already seen."""


def always(typed: Typed) -> bool:
    """Every request is asked this."""
    return True


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `widget`: text, area, lines, day, moment, penalty, select, one, several, tick, children,
    adults, pairs, reports; `options`: which list it chooses from; `need`: what to say where it is empty."""

    name: str
    path: str
    label: str
    widget: str = "text"
    hint: str = ""
    options: str = ""
    need: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its question, its fields, and whether it is asked at all."""

    name: str
    title: str
    fields: tuple[Field, ...]
    hint: str = ""
    when: Asked = always
    title_given: bool = False


def incoming(typed: Typed) -> bool:
    """Is it a request that came to us?"""
    return typed.get(SIDE) == "incoming"


def outgoing(typed: Typed) -> bool:
    """Is it ours?"""
    return not incoming(typed)


def is_kind(*kinds: str) -> Asked:
    """Is it of one of these kinds?"""
    return lambda typed: typed.get(KIND) in kinds


def both(*conditions: Asked) -> Asked:
    """Do all of these hold?"""
    return lambda typed: all(condition(typed) for condition in conditions)


def needs_test(typed: Typed) -> bool:
    """Is the recorded test of ICCPR 17 asked? As `needs_necessity` of the requests."""
    if typed.get(KIND) in ("production", "extradition"):
        return True
    asked = set(typed.all("measures"))
    return typed.get(KIND) == "mla" and bool(asked & {one.value for one in COERCIVE | COMMUNICATIONS_DATA})


def may_vanish(typed: Typed) -> bool:
    """Are data asked for that may be gone before the request is granted?"""
    at_rest = {Measure.SUBSCRIBER_DATA.value, Measure.TRAFFIC_DATA.value, Measure.STORED_CONTENT.value}
    return bool(set(typed.all("measures")) & at_rest)


STATE_OUT = Step(
    "state",
    N_("Which State is asked?"),
    (
        Field(
            "requested",
            "requested",
            N_("State or territory"),
            "select",
            N_("Those with which the law links us for such a request stand first."),
            "states",
            N_("Choose the State that is asked."),
        ),
    ),
    when=outgoing,
)
STATE_IN = Step(
    "from",
    N_("Which State asks us?"),
    (
        Field(
            "requesting",
            "requesting",
            N_("State or territory"),
            "select",
            "",
            "states",
            N_("Choose the State that asks."),
        ),
    ),
    when=incoming,
)
RECEIVED = Step(
    "received",
    N_("How and when did it come?"),
    (
        Field(
            "foreign_ref",
            "!foreign_ref",
            N_("Their reference"),
            hint=N_("As it stands on the letter. By it the other side will ask about the case."),
            need=N_("Write the reference of the other side, as on the letter."),
            size="medium",
        ),
        Field(
            "happened_at",
            "!happened_at",
            N_("Day on which it was received"),
            "day",
            need=N_("Give the day on which the request was received."),
        ),
        Field("papers_follow", "!papers_follow", N_("The papers are still to follow"), "tick"),
    ),
    when=incoming,
)
MEASURES = Step(
    "measures",
    N_("What is asked for?"),
    (
        Field(
            "measures",
            "measures",
            N_("Measures"),
            "several",
            N_("Choose everything that the request asks for."),
            "measures",
            N_("Choose at least one thing that is asked for."),
        ),
    ),
    when=is_kind("mla", "production", "preservation"),
)
PROVIDER = Step(
    "provider",
    N_("Which provider holds the data?"),
    (
        Field(
            "provider",
            "provider",
            N_("Provider"),
            "select",
            N_("Those that the house has in its law. Leave it empty if it is not known."),
            "providers",
        ),
        Field(
            "direct",
            "direct",
            N_("To whom does the letter go?"),
            "one",
            "",
            "ways",
        ),
    ),
    when=is_kind("production", "preservation"),
)
ACCOUNTS = Step(
    "accounts",
    N_("Which accounts is it about?"),
    (
        Field(
            "accounts",
            "accounts",
            N_("Accounts, one on each line"),
            "lines",
            N_("As the provider knows them: an address, a number, a user id. Never a display name."),
            need=N_("Write at least one account, as the provider knows it."),
        ),
    ),
    when=is_kind("production", "preservation"),
)
PERIOD = Step(
    "period",
    N_("From which time are the data?"),
    (
        Field("period_from", "period_from", N_("From"), "moment"),
        Field("period_until", "period_until", N_("Until"), "moment"),
        Field(
            "domestic",
            "domestic",
            N_("The offence and the person belong to our own State"),
            "tick",
            N_("Then the enforcing authority is not told (Regulation 2023/1543, Article 8(2))."),
        ),
    ),
    when=is_kind("production"),
)
REFUSED = Step(
    "refused",
    N_("Which extradition was refused?"),
    (
        Field(
            "extradition",
            "extradition",
            N_("Reference of the refused request"),
            need=N_("Write the reference of the extradition that was refused."),
            size="medium",
        ),
        Field("article", "article", N_("Article on which the refusal rests"), size="medium"),
    ),
    when=is_kind("prosecution"),
)
PERSON = Step(
    "person",
    N_("Who is sought?"),
    (
        Field(
            "person-id",
            "person.id",
            N_("Short name for lists"),
            hint=N_("Small letters, digits and hyphens, such as person-1. The name stays out of lists."),
            need=N_("Give the person a short name for lists, such as person-1."),
            size="medium",
        ),
        Field("person-name", "person.name", N_("Name, as in the papers")),
        Field("person-born", "person.born", N_("Day of birth"), "day"),
        Field("person-nationality", "person.nationality.0", N_("Nationality"), "select", "", "nations"),
        Field(
            "person-nationality-2",
            "person.nationality.1",
            N_("Second nationality, if there is one"),
            "select",
            "",
            "nations",
        ),
        Field("person-sex", "person.sex", N_("Sex"), "select", "", "sexes"),
    ),
    when=is_kind("extradition", "prosecution"),
)
PURPOSE = Step(
    "purpose",
    N_("What is the surrender for?"),
    (
        Field("purpose", "purpose", N_("Purpose"), "one", "", "purposes"),
        Field(
            "sentence",
            "sentence",
            N_("Sentence still to serve"),
            "penalty",
            N_("Only where a sentence is to be served: such as 2y, 18m or life."),
            size="short",
        ),
        Field(
            "in_absentia",
            "in_absentia",
            N_("Was the judgment given in the person's absence?"),
            "one",
            "",
            "either",
        ),
        Field(
            "provisional_arrest",
            "provisional_arrest",
            N_("Arrest before the papers are there"),
            "tick",
            N_("Urgent: provisional arrest is asked for first."),
        ),
    ),
    when=is_kind("extradition"),
)
WARRANT = Step(
    "warrant",
    N_("On which decision does it rest?"),
    (
        Field("warrant-what", "warrant.what", N_("What it is"), "select", "", "warrants"),
        Field("warrant-reference", "warrant.reference", N_("Its reference"), size="medium"),
        Field("warrant-authority", "warrant.authority", N_("Authority that made it")),
        Field("warrant-issued_on", "warrant.issued_on", N_("Day on which it was made"), "day"),
    ),
    when=is_kind("extradition"),
)
LAW = Step(
    "law",
    N_("This is what links the two"),
    (Field("instrument", "instrument", N_("On which basis shall the request rest?"), "one", "", "bases"),),
)
URGENCY = Step(
    "urgency",
    N_("Is it urgent?"),
    (
        Field("child_at_risk", "child_at_risk", N_("A child is at risk"), "tick"),
        Field("urgent", "urgent", N_("The request is urgent"), "tick"),
        Field("urgency_reason", "urgency_reason", N_("Why it is urgent"), "area"),
    ),
)
EMERGENCY = Step(
    "emergency",
    N_("Is the life or safety of a person at risk?"),
    (
        Field(
            "emergency-facts",
            "emergency.facts",
            N_("The facts of the risk"),
            "area",
            N_("Leave the page empty if there is no such risk."),
        ),
        Field("emergency-certified_by", "emergency.certified_by", N_("Who certified it"), size="medium"),
        Field("emergency-certified_at", "emergency.certified_at", N_("When it was certified"), "moment"),
    ),
    when=lambda typed: typed.ticked("urgent") or typed.ticked("child_at_risk"),
)
NECESSITY = Step(
    "necessity",
    N_("Was it tested whether this may be asked?"),
    (
        Field("necessity-legality", "necessity.legality", N_("Legality: which law allows it"), "area"),
        Field("necessity-legitimate_aim", "necessity.legitimate_aim", N_("Legitimate aim"), "area"),
        Field("necessity-necessity", "necessity.necessity", N_("Necessity: why no milder way"), "area"),
        Field("necessity-proportionality", "necessity.proportionality", N_("Proportionality"), "area"),
        Field(
            "necessity-non_discrimination", "necessity.non_discrimination", N_("Non-discrimination"), "area"
        ),
        Field("necessity-authorised_by", "necessity.authorised_by", N_("Who authorised it")),
        Field("necessity-authorised_on", "necessity.authorised_on", N_("On which day"), "day"),
    ),
    N_("Measures that reach into private life need a recorded test before they are sent (ICCPR 17)."),
    when=both(outgoing, needs_test),
)
IDENTIFIERS = Step(
    "identifiers",
    N_("What identifies the account, device or person?"),
    (
        Field(
            "identifiers",
            "identifiers",
            N_("Identifiers, one on each line"),
            "pairs",
            N_("Write each as name: value, such as account: user-4711@mail.example."),
        ),
    ),
    when=is_kind("mla"),
)
KEEPING = Step(
    "keeping",
    N_("What follows, and by when?"),
    (
        Field("intends", "intends", N_("What will be asked for the data"), "one", "", "intentions"),
        Field("until", "until", N_("Expected by"), "day"),
    ),
    when=is_kind("preservation"),
)
VICTIMS = Step(
    "victims",
    N_("Who was harmed?"),
    (
        Field(
            "victims-children",
            "victims",
            N_("Children, one on each line"),
            "children",
            N_("Pseudonyms only, such as Child A. Never write a name here."),
        ),
        Field("victims-adults", "victims", N_("Adults, one on each line"), "adults", N_("Pseudonyms only.")),
    ),
    when=outgoing,
)
BEFORE = Step(
    "before",
    N_("What went before?"),
    (
        Field(
            "follows",
            "follows",
            N_("Earlier requests, one reference on each line"),
            "lines",
            N_("A preservation of the same data, or an earlier request: our reference or theirs."),
        ),
        Field(
            "reports",
            "reports",
            N_("Reports of providers, one number on each line"),
            "reports",
            N_("The number of a report to a clearing house, such as a CyberTipline report."),
        ),
    ),
    when=outgoing,
)
UNPRESERVED = Step(
    "unpreserved",
    N_("Why were the data not preserved first?"),
    (Field("no_preservation", "no_preservation", N_("Reason"), "area"),),
    N_("Data of this sort may be gone before the request is granted. No earlier request was named."),
    when=both(
        outgoing, is_kind("mla"), may_vanish, lambda typed: not typed.get("follows").replace("\r", "").strip()
    ),
)
FORM = Step(
    "form",
    N_("How is the request written?"),
    (
        Field("language", "language", N_("Language of the request"), "select", "", "languages"),
        Field("confidential", "confidential", N_("Is it confidential?"), "one", "", "secrecy"),
        Field(
            "data_protection_ground",
            "data_protection_ground",
            N_("On which ground may the personal data leave?"),
            "area",
            N_("The rule of data protection that allows the transfer."),
        ),
    ),
)
MATTER = Step(
    "matter",
    N_("To which investigation does it belong?"),
    (
        Field(
            "matter",
            "!matter",
            N_("Matter"),
            hint=N_("Your own name for it, without the name of any person. It may stay empty."),
            size="medium",
        ),
    ),
    when=outgoing,
)

OFFENCES_AT, CONTENTS_AT = "offences", "contents"
ORDER: tuple[Step | str, ...] = (
    *(STATE_OUT, STATE_IN, RECEIVED, REFUSED, MEASURES, PROVIDER, ACCOUNTS, PERIOD),
    *(PERSON, PURPOSE, WARRANT, OFFENCES_AT, LAW, URGENCY, EMERGENCY, CONTENTS_AT),
    *(NECESSITY, IDENTIFIERS, KEEPING, VICTIMS, BEFORE, UNPRESERVED, FORM, MATTER),
)
"""The order of all pages; offences and contents stand where there may be several."""


def offence_step(number: int) -> Step:
    """The page of the offence of this number, from 0."""
    name, path = f"offence-{number + 1}", f"offences.{number}"
    return Step(
        name,
        N_("Which offence is it?") if number == 0 else N_("Which other offence is it?"),
        (
            Field(
                f"{name}-slug",
                f"{path}.slug",
                N_("Offence"),
                "select",
                N_("Leave it empty if the offence is not known yet; the law will ask for it."),
                "offences",
            ),
            Field(
                f"{name}-law",
                f"{path}.law",
                N_("The provision, and its words"),
                "area",
                N_("As the requesting State charges it."),
            ),
            Field(
                f"{name}-max_penalty",
                f"{path}.max_penalty",
                N_("Highest penalty in the State that asks"),
                "penalty",
                N_("Such as 10y, 18m, 1y6m or life."),
                size="short",
            ),
            Field(
                f"{name}-max_penalty_requested",
                f"{path}.max_penalty_requested",
                N_("Highest penalty in the State that is asked"),
                "penalty",
                N_("Leave it empty if it is not known."),
                size="short",
            ),
            Field(f"{name}-committed_from", f"{path}.committed_from", N_("Committed from"), "day"),
            Field(f"{name}-committed_until", f"{path}.committed_until", N_("Committed until"), "day"),
            Field(f"{name}-more", "", N_("There is another offence"), "tick"),
        ),
    )


def content_step(code: str, name: str, article: str) -> Step:
    """The page of one content that the basis wants. `name`: what the law calls it, in the visitor's words."""
    field = Field(f"contents-{code}", f"contents.{code}", name, "area")
    return Step(f"contents-{code}", name, (field,), article, title_given=True)
