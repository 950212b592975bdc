"""What is a person asked who files a request, one question a page, and in which order? Data.

Steps of which there may be several, or which the law asks for, are made by `offence_step` and `content_step`.
"""

from __future__ import annotations

from collections.abc import Iterable

from desk.web.filing_step import Field, Step, both, is_kind, may_vanish, needs_test, outgoing
from desk.web.filing_subject import (
    ACCOUNTS,
    MEASURES,
    NOTICE,
    PERIOD,
    PERSON,
    PROVIDER,
    PURPOSE,
    RECEIVED,
    REFUSED,
    STATE_IN,
    STATE_OUT,
    WARRANT,
)
from desk.web.words import N_

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

DOCUMENTS = Step(
    "documents",
    N_("Which documents go with it?"),
    (Field("attachments", "attachments", N_("Documents"), "papers", N_("They travel with the request.")),),
)
SPONTANEOUS = Step(
    "spontaneous",
    N_("Is it information that nobody asked for?"),
    (Field("spontaneous", "spontaneous", N_("Information given without being asked"), "tick"),),
    when=is_kind("mla"),
)
DAY = Step(
    "day",
    N_("Of which day is the law?"),
    (Field("on", "on", N_("Day of the law"), "day", N_("Leave it empty for today.")),),
)

OFFENCES_AT, CONTENTS_AT = "offences", "contents"
ORDER: tuple[Step | str, ...] = (
    *(STATE_OUT, STATE_IN, RECEIVED, REFUSED, MEASURES, NOTICE, PROVIDER, ACCOUNTS, PERIOD),
    *(PERSON, PURPOSE, WARRANT, OFFENCES_AT, LAW, URGENCY, EMERGENCY, CONTENTS_AT),
    *(NECESSITY, IDENTIFIERS, KEEPING, VICTIMS, BEFORE, UNPRESERVED, FORM, MATTER),
)
"""The order of all pages; offences and contents stand where there may be several."""
OF_A_CASE: tuple[Step | str, ...] = (*ORDER, DOCUMENTS, SPONTANEOUS, DAY)
"""The same for a draft that was filed: documents are with a case only, and rare answers can be mended."""


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


def every_step(offences: int, contents: Iterable[str]) -> list[Step]:
    """Every page there could be for a request with so many offences and these contents."""
    made = [one for one in OF_A_CASE if isinstance(one, Step)]
    made += [offence_step(number) for number in range(offences)]
    return made + [content_step(code, code, "") for code in contents]


def where_asked(place: str) -> tuple[str, str]:
    """Page and field that ask for a place of the request, such as `necessity`; empty if none does."""
    for step in every_step(1, ()):
        for field in step.fields:
            if field.path.partition(".")[0] == place:
                return step.name, field.name
    return "", ""
