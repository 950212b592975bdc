"""Whom does a request ask, for what, and about whom? The first questions, as data."""

from __future__ import annotations

from desk.web.asked import NEEDED
from desk.web.filing_step import Field, Step, both, incoming, is_kind, outgoing
from desk.web.words import N_

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
            NEEDED["to"],
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
            NEEDED["from"],
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
            NEEDED["measure"],
        ),
    ),
    when=is_kind("mla", "production", "preservation"),
)
NOTICE = Step(
    "notice",
    N_("Is it only notice of an interception?"),
    (
        Field(
            "notice_only",
            "notice_only",
            N_("Only notice of an interception"),
            "tick",
            N_("It needs no technical help there, and nothing is asked (Directive 2014/41, Article 31)."),
        ),
    ),
    when=both(is_kind("mla"), lambda typed: "interception" in typed.all("measures")),
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
