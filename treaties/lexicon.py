"""Under which words does a reader meet the codes of questions, answers and law files?

English is the source; the catalogs hold the other languages. A code that stands in no list here is shown with
its hyphens taken out, which a house test allows for no code of the shipped data.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Marks a text for the catalogs; it is translated when it is shown."""
    return message


KINDS: dict[str, str] = {
    "mla": _("mutual legal assistance"),
    "extradition": _("extradition"),
    "preservation": _("preservation of data"),
    "production": _("production by a provider"),
    "prosecution": _("submission for prosecution"),
}

MEASURES: dict[str, str] = {
    "subscriber-data": _("subscriber data"),
    "traffic-data": _("traffic data"),
    "stored-content": _("stored content"),
    "interception": _("interception"),
    "preservation": _("preservation of data"),
    "testimony": _("testimony"),
    "video-hearing": _("a hearing by video"),
    "search-and-seizure": _("search and seizure"),
    "service-of-documents": _("service of documents"),
    "bank-records": _("bank records"),
    "freezing": _("freezing"),
    "confiscation": _("confiscation"),
    "location-or-identification-records": _("records for location or identification"),
    "transfer-of-detained-witness": _("transfer of a detained witness"),
    "joint-team": _("a joint investigation team"),
    "surrender": _("surrender"),
}

CHANNELS: dict[str, str] = {
    "provider-direct": _("direct contact with the provider"),
    "competent-authority-direct": _("direct contact between competent authorities"),
    "judicial-direct": _("direct contact between judicial authorities"),
    "judicial-direct-or-sis": _("direct contact between judicial authorities, or an alert"),
    "post-direct": _("post, direct to the person"),
    "judicial-to-records-office": _("the judicial authority to the records office"),
    "24-7-point": _("the 24/7 contact points"),
    "oral": _("word of mouth, confirmed in writing"),
    "electronic": _("electronic means"),
    "secure-email-or-fax": _("secure e-mail or fax"),
    "central-authority": _("the central authorities"),
    "extradition-authority": _("the authority registered for extradition"),
    "ministry-of-justice": _("the ministries of justice"),
    "interpol": _("Interpol"),
    "law-enforcement-attache": _("the law-enforcement attaché"),
    "diplomatic": _("the diplomatic channel"),
    "as-other-treaty-or-domestic-law": _("the way that another treaty or domestic law provides"),
}

FUNCTIONS: dict[str, str] = {
    "mla-in": _("receives requests for mutual legal assistance"),
    "mla-out": _("makes requests for mutual legal assistance"),
    "extradition-in": _("receives requests for extradition"),
    "contact-24-7": _("24/7 contact point"),
    "eio-in": _("receives European Investigation Orders"),
    "e-evidence-enforcing": _("enforces orders for electronic evidence"),
}

CONDITIONS: dict[str, str] = {
    "bank-identification": _("identification of bank accounts for such an offence"),
    "consent-of-the-person": _("consent of the person"),
    "designation": _("designation of the requesting State"),
    "dual-criminality": _("dual criminality"),
    "electronic-evidence": _("computer crime or electronic evidence"),
    "minimum-penalty": _("minimum penalty"),
    "evidence-sufficient": _("evidence sufficient to sustain the charge"),
    "notification": _("notification of the enforcing authority"),
    "own-law-allows": _("leave by the law of the provider's own State"),
    "necessity-and-proportionality": _("necessity and proportionality"),
    "offence-scope": _("an offence that the instrument covers"),
    "order-test": _("the test of the statute for an order"),
    "own-authority-asks": _("asked by an authority of the provider's own State"),
    "prima-facie-case": _("a prima facie case"),
    "probable-cause": _("probable cause"),
    "provider-willing": _("willingness of the provider"),
    "probable-cause-statement": _("sworn statement of reasonable grounds"),
    "reciprocity": _("reciprocity"),
    "serious-crime": _("serious crime"),
    "targeting": _("persons whom an order may not target"),
    "transnational-organised": _("serious, transnational and organised crime"),
    "treaty-dependent": _("assistance that depends on a treaty"),
}

GROUNDS: dict[str, str] = {
    "age-of-criminal-responsibility": _("person below the age of criminal responsibility"),
    "amnesty": _("amnesty"),
    "article-not-applied": _("article not applied by reservation"),
    "contrary-to-legal-system": _("request contrary to the legal system"),
    "contrary-to-requested-law-or-treaty": _("what the law or treaties of the requested State provide"),
    "data-not-held": _("data not held"),
    "data-protection": _("protection of personal data"),
    "de-facto-impossibility": _("impossible in fact"),
    "de-minimis": _("matter of minor importance"),
    "death-penalty": _("death penalty"),
    "death-penalty-no-assurance": _("death penalty without sufficient assurances"),
    "decision-not-to-prosecute": _("decision not to prosecute"),
    "discrimination-persecution": _("persecution or prejudice on a protected ground"),
    "dual-criminality-absent": _("no dual criminality"),
    "extraterritorial-offence": _("offence committed outside the requesting State"),
    "fiscal-offence": _("fiscal offence"),
    "fiscal-or-political-offence": _("fiscal or political offence"),
    "first-amendment": _("freedom of speech (First Amendment)"),
    "flagrant-denial-of-justice": _("flagrant denial of justice"),
    "fundamental-rights": _("fundamental rights"),
    "grounds-of-25-4-27-4": _("the grounds of Articles 25(4) and 27(4)"),
    "health": _("health of the person"),
    "human-rights": _("human rights of the person"),
    "humanitarian": _("humanitarian reasons"),
    "immunity-privilege": _("immunity or privilege"),
    "in-absentia": _("judgment in the person's absence"),
    "lapse-of-time": _("lapse of time"),
    "life-sentence-no-review": _("life sentence without review"),
    "manifest-error-incomplete": _("form incomplete or manifestly wrong"),
    "measure-restricted": _("measure not available for this offence"),
    "military-offence": _("military offence"),
    "national-security-source": _("national security or a protected source"),
    "nationality": _("nationality of the person"),
    "nationality-residence": _("nationality or residence of the person"),
    "ne-bis-in-idem": _("final judgment for the same facts"),
    "ne-bis-in-idem-third-state": _("final judgment for the same facts in a third State"),
    "no-probable-cause": _("no probable cause shown"),
    "no-speciality-arrangements": _("no arrangements on speciality"),
    "not-extraditable-offence": _("offence that is not extraditable"),
    "not-valid-issuing-authority": _("authority not entitled to issue it"),
    "offence-not-covered": _("offence not covered"),
    "pending-proceedings": _("proceedings pending for the same facts"),
    "person-does-not-consent": _("person does not consent"),
    "place-of-commission": _("offence committed in the requested State"),
    "political-offence": _("political offence"),
    "prejudice-own-investigation": _("prejudice to an own investigation"),
    "prejudice-sovereignty-security-ordre-public": _(
        "sovereignty, security, public order, essential interests"
    ),
    "request-not-in-conformity": _("request not in the form that the instrument asks"),
    "return-guarantee": _("no guarantee of return to serve the sentence"),
    "service-not-covered": _("service not covered"),
    "similar-domestic-case": _("measure not available in a similar domestic case"),
    "statutory-bars": _("bars of the statute"),
    "subscriber-data-only": _("order limited to subscriber data"),
    "territoriality-not-offence": _("act committed in the executing State that is no offence there"),
    "third-country-conflict": _("conflict with the law of a third country"),
    "torture-ill-treatment": _("torture or ill-treatment"),
    "traffic-data-not-applied": _("traffic data excluded by reservation"),
}

NOT_GROUNDS: dict[str, str] = {
    "age-of-victim-uncertain": _("uncertain age of the victim"),
    "bank-secrecy": _("bank secrecy"),
    "data-stored-in-third-country": _("data stored in a third country"),
    "fiscal-matters-only": _("fiscal matters alone"),
    "fiscal-rule-of-same-kind-missing": _("no tax or duty of the same kind"),
    "general-data-protection-differences": _("general differences in data protection"),
    "lapse-of-time-in-requested-state": _("lapse of time under the law of the requested State"),
    "legal-person-liability": _("liability of a legal person"),
    "no-authentication": _("lack of authentication"),
    "no-victim-complaint": _("lack of a complaint by the victim"),
    "offence-name-differs": _("different name of the offence"),
    "time-limit-missed": _("missed time limit"),
    "us-federal-jurisdiction-element": _("element of United States federal jurisdiction"),
}

PRACTICES: dict[str, str] = {
    "abolitionist": _("abolished for all crimes"),
    "ordinary-crimes": _("abolished for ordinary crimes"),
    "de-facto": _("kept in law, not used for long"),
    "retentionist": _("kept"),
}

OFFICES: dict[str, str] = {
    "judge": _("a judge"),
    "court": _("a court"),
    "investigating-judge": _("an investigating judge"),
    "prosecutor": _("a prosecutor"),
    "other-competent-authority": _("another competent authority"),
    "governmental-entity": _("a governmental entity of the State whose statute it is"),
    "designated-authority": _("the designated authority"),
}

DUTIES: dict[str, str] = {
    "consult-before-refusal": _("consult before it refuses"),
    "consult-before-postponement": _("consult before it postpones"),
    "submit-for-prosecution": _("submit the case for prosecution where it does not extradite its national"),
}

ADDRESSEES: dict[str, str] = {
    "state": _("the State"),
    "provider": _("the provider"),
    "establishment": _("designated establishment"),
    "legal-representative": _("legal representative"),
    "duty": _("a duty"),
    "option": _("left to the addressee, and protects nothing"),
}

OTHERS: dict[str, str] = {
    "mla-treaty": _("a treaty on mutual legal assistance"),
    "extradition-treaty": _("a treaty on extradition"),
    "reciprocal-legislation": _("uniform or reciprocal legislation"),
    "requesting": _("requesting"),
    "requested": _("requested"),
    "offence": _("offence"),
    "arrest": _("arrest"),
    "request": _("request"),
    "as-declared": _("as the requested State declared"),
    "yes": _("yes"),
    "no": _("no"),
    "unknown": _("not known"),
}

WORDS: dict[str, str] = {
    **KINDS,
    **MEASURES,
    **CHANNELS,
    **FUNCTIONS,
    **CONDITIONS,
    **NOT_GROUNDS,
    **GROUNDS,
    **PRACTICES,
    **OFFICES,
    **DUTIES,
    **ADDRESSEES,
    **OTHERS,
}
"""Every closed word but the contents of a request, which `treaties.papers` names."""
