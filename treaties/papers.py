"""How is each thing called that a request must hold?

Keys are the `field` codes of law files, values what a reader meets; the catalogs hold the other languages.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Marks a text for the catalogs; it is translated when it is shown."""
    return message


AUTHORITIES: dict[str, str] = {
    "authority-and-date": _("authority and date"),
    "authority-name-function": _("name and function of the authority"),
    "authority-seeking": _("authority that seeks the data"),
    "conducting-authority": _("authority that conducts the proceedings"),
    "contact": _("contact details"),
    "date-and-authority-contact": _("date, authority and contact details"),
    "initiating-agency": _("agency that initiates the request"),
    "investigating-authority": _("investigating authority"),
    "issuing-and-validating-authority": _("issuing and validating authority"),
    "issuing-authority": _("issuing authority"),
    "issuing-authority-and-date": _("issuing authority and date"),
    "issuing-judicial-authority-contact": _("issuing judicial authority with contact details"),
    "judicial-authority-and-examiners": _("judicial authority and persons who conduct the hearing"),
    "k-issuing-authority": _("section K: issuing authority"),
    "l-validating-authority": _("section L: validating authority"),
    "person-for-confirmation": _("person who can confirm the request"),
    "preferred-reply-means": _("preferred means of reply"),
    "prosecution-or-court-and-case-number": _("prosecution office or court, with case number"),
    "requested-authority": _("requested authority"),
    "requesting-authority": _("requesting authority"),
    "requesting-authority-contact": _("requesting authority with contact details"),
    "return-contact": _("contact details for the return"),
    "secure-means-and-confirmation": _("secure means of communication and formal confirmation"),
}

CASE: dict[str, str] = {
    "bank-hint": _("information on the bank, if there is any"),
    "case-summary": _("summary of the case"),
    "circumstances-time-place-degree": _(
        "circumstances of the offence: time, place, degree of participation"
    ),
    "circumstances-time-place-role": _("circumstances of the offence: time, place, role"),
    "consequences": _("consequences of the offence"),
    "criminal-act-and-provisions": _("the criminal act and the provisions that apply"),
    "criminal-law-provisions": _("provisions of criminal law that apply"),
    "domestic-legal-basis": _("legal basis in domestic law"),
    "domestic-legal-grounds": _("legal grounds in domestic law"),
    "f-type-of-proceedings": _("section F: type of proceedings"),
    "facts": _("the facts"),
    "facts-and-relevance": _("the facts and the relevance of what is sought"),
    "facts-linking-account-to-crime": _("facts that link the account to the crime"),
    "facts-showing-emergency": _("facts that show the emergency"),
    "facts-summary": _("summary of the facts"),
    "facts-time-place": _("the facts, with time and place"),
    "freshness": _("why the information is still current"),
    "g1-facts": _("section G1: the facts"),
    "g2-legal-classification": _("section G2: legal classification"),
    "g3-annex-d-tick": _("section G3: category of the list of offences"),
    "grounds-to-suspect-and-link": _("grounds for suspicion and link with the requested State"),
    "lapse-of-time-info": _("information on lapse of time"),
    "law-elements-and-designation": _("elements and designation of the offence in law"),
    "law-jurisdiction": _("provisions on jurisdiction"),
    "law-penalty": _("provisions on the penalty"),
    "nature-classification-max-or-final-penalty": _(
        "nature and classification of the offence, maximum or final penalty"
    ),
    "nature-facts-laws": _("nature of the case, facts and laws"),
    "nature-legal-classification": _("nature and legal classification of the offence"),
    "nature-legal-description-max-penalty": _("nature and legal description of the offence, maximum penalty"),
    "offence": _("the offence"),
    "offence-and-brief-facts": _("the offence and a brief summary of the facts"),
    "offence-provisions-penalties": _("the offence, the provisions and the penalties"),
    "offence-suspected-with-reasonable-cause": _("the offence suspected, with reasonable cause"),
    "offence-text-and-penalty": _("text of the offence and its penalty"),
    "offence-when-where": _("the offence, when and where it was committed"),
    "offences-and-law": _("the offences and the law"),
    "offences-and-penalties": _("the offences and the penalties"),
    "other-consequences": _("other consequences of the offence"),
    "penalty-imposed-or-scale": _("penalty imposed, or the scale of penalties"),
    "proceedings-court-accused-offence-penalty": _("the proceedings: court, accused, offence, penalty"),
    "provisions-and-penalties": _("provisions and penalties"),
    "source-reliability": _("reliability of the source"),
    "statement-of-acts-time-place-law-and-lapse-of-time": _(
        "statement of the acts: time, place, law and lapse of time"
    ),
    "statement-of-offences-time-place-legal": _("statement of the offences: time, place, legal description"),
    "subject-and-nature": _("subject matter and nature of the proceedings"),
    "subject-nature-and-conducting-authority": _(
        "subject matter and nature of the proceedings, and the authority that conducts them"
    ),
    "summary-of-facts": _("summary of the facts"),
    "text-of-enactments-or-statement-of-law": _("text of the enactments, or a statement of the law"),
    "copy-of-law-or-statement": _("copy of the law, or a statement of it"),
}

PERSONS: dict[str, str] = {
    "description-identity-nationality": _("description, identity and nationality of the person"),
    "description-identity-nationality-location": _(
        "description, identity, nationality and whereabouts of the person"
    ),
    "description-of-person": _("description of the person"),
    "e-person": _("section E: person concerned"),
    "identity-nationalities": _("identity and nationalities of the person"),
    "identity-nationality": _("identity and nationality of the person"),
    "identity-nationality-location": _("identity, nationality and whereabouts of the person"),
    "in-absentia-or-not": _("whether the person was judged in absence"),
    "person-identity": _("identity of the person"),
    "person-identity-location-nationality": _("identity, whereabouts and nationality of the person"),
    "person-info": _("information on the person"),
    "person-location": _("whereabouts of the person"),
    "person-to-be-served": _("person to be served"),
    "reason-not-in-person": _("why the person cannot appear in person"),
    "willingness-of-witness": _("willingness of the witness"),
    "witnesses": _("the witnesses"),
}

WARRANTS: dict[str, str] = {
    "conviction-and-identity-proof": _("the conviction and proof of identity"),
    "conviction-or-warrant-original-or-authenticated": _(
        "conviction or warrant of arrest, original or authenticated"
    ),
    "copy-of-judgment-or-warrant": _("copy of the judgment or the warrant"),
    "enforceable-judgment-or-warrant": _("enforceable judgment or national warrant"),
    "evidence-justifying-arrest-and-trial": _("evidence that would justify arrest and trial"),
    "order-itself": _("the order itself"),
    "prior-mla-request": _("earlier request for assistance"),
    "prior-preservation-request": _("earlier request for preservation"),
    "seal-of-justice-or-foreign-ministry": _("seal of the ministry of justice or of foreign affairs"),
    "statement-that-request-will-follow": _("statement that a request will follow"),
    "statement-that-warrant-or-conviction-exists": _("statement that a warrant or conviction exists"),
    "sworn-probable-cause-statement": _("sworn statement of reasonable grounds"),
    "warrant-or-judgment-and-confirmation-of-extradition": _(
        "warrant or judgment, and confirmation that extradition was granted"
    ),
    "warrant-or-judgment-exists": _("existence of a warrant or judgment"),
    "warrant-original-or-certified": _("warrant of arrest, original or certified copy"),
}

DATA: dict[str, str] = {
    "account-identifier-exact": _("exact identifier of the account"),
    "addressee": _("addressee"),
    "controller-processor-confirmation": _("confirmation concerning controller and processor"),
    "custodian-or-location": _("custodian or location of the data"),
    "data-account-identifiers-and-period": _("data, account identifiers and period"),
    "data-description": _("description of the data"),
    "designated-treaty": _("the designated agreement"),
    "no-excepted-data": _("statement that no excepted data are asked for"),
    "data-category": _("category of data"),
    "data-to-preserve-and-link": _("data to preserve and their link with the offence"),
    "date-range": _("range of dates"),
    "detailed-data": _("detailed description of the data"),
    "detailed-description-of-subscriber-data": _("detailed description of the subscriber data"),
    "domain-name-and-data-elements": _("domain name and elements of data sought"),
    "extra-by-declaration-8-4": _("what the requested State asks further by declaration under Article 8(4)"),
    "intent-to-send-mla": _("intention to send a request for assistance"),
    "kind-of-data-tier": _("kind of data"),
    "preservation-reference": _("reference of the preservation"),
    "preservation-reference-number": _("reference number of the preservation"),
    "provider": _("service provider"),
    "provider-name-address": _("name and address of the service provider"),
    "sought-by-other-means": _("whether the data were sought by other means"),
    "subscriber-data-sought": _("subscriber data sought"),
    "time-range": _("period concerned"),
    "user-or-unique-identifier": _("user, or another unique identifier"),
    "why-provider-holds-data": _("why the provider is believed to hold the data"),
}

ASKED: dict[str, str] = {
    "allowances": _("allowances and expenses"),
    "assistance-and-procedure": _("assistance sought and procedure to follow"),
    "b-urgency": _("section B: urgency"),
    "c-measures": _("section C: measures to carry out"),
    "confidentiality": _("confidentiality"),
    "confidentiality-and-reasons": _("confidentiality, with reasons"),
    "confidentiality-no-user-notice": _("confidentiality: the user is not to be told"),
    "confidentiality-request": _("request for confidentiality"),
    "deadline-and-reasons": _("time limit, with reasons"),
    "emergency-reasons": _("reasons for the emergency"),
    "evidence-sought": _("evidence sought"),
    "h-special-measures": _("section H: additional requirements for certain measures"),
    "i-formalities": _("section I: formalities and procedures"),
    "j-legal-remedies": _("section J: legal remedies"),
    "manner-of-testimony": _("manner of testimony"),
    "measures-and-evidence": _("measures and evidence sought"),
    "nature-of-assistance": _("nature of the assistance"),
    "necessity": _("why it is necessary"),
    "necessity-proportionality-grounds": _("grounds of necessity and proportionality"),
    "non-disclosure-reasons": _("reasons not to disclose"),
    "notification-statement": _("statement that the notification was made"),
    "object-and-reason": _("object of the request and reason for it"),
    "object-and-reasons": _("object of the order and reasons for it"),
    "place-and-things-to-seize": _("place, and things to seize"),
    "procedure-and-certification": _("procedure and certification"),
    "proposed-composition": _("proposed composition of the team"),
    "purpose": _("purpose"),
    "purpose-and-assistance": _("purpose and assistance sought"),
    "questions": _("questions to put"),
    "relevance": _("relevance to the investigation"),
    "special-procedure": _("special procedure to follow"),
    "time-and-manner": _("time and manner of disclosure"),
    "time-limit-and-reasons": _("time limit, with reasons"),
    "urgency": _("urgency"),
    "urgency-reason": _("reason for the urgency"),
}

FORM: dict[str, str] = {
    "a-certificate": _("section A: the certificate concerned"),
    "a-states": _("section A: issuing and executing State"),
    "addressee-name-address": _("name and address of the addressee"),
    "b-authorities-file-numbers-dates": _("section B: authorities, file numbers and dates"),
    "both-languages": _("both languages"),
    "c-addressee": _("section C: addressee"),
    "d-earlier-eio": _("section D: link with an earlier order"),
    "d-reasons": _("section D: reasons"),
    "date": _("date"),
    "e-third-country-conflict": _("section E: conflict with the law of a third country"),
    "f-clarification-needed": _("section F: clarification needed"),
    "g-preservation-status": _("section G: state of the preservation"),
    "h-contact-signature": _("section H: contact details and signature"),
    "protocol-statement": _("statement that the request is made under the Protocol"),
    "protocol-statement-relevance-and-sole-use": _(
        "statement that the request is made under the Protocol, of relevance and of sole use"
    ),
    "reference-number": _("reference number"),
    "short-summary-translated": _("short summary, translated"),
    "standard-form": _("standard form"),
    "status-new-followup-mla-followup-preservation": _(
        "whether the request is new, or follows a request for assistance or for preservation"
    ),
    "status-new-or-extension": _("whether the request is new or an extension"),
    "translation": _("translation"),
}

FIELDS: dict[str, str] = {**AUTHORITIES, **CASE, **PERSONS, **WARRANTS, **DATA, **ASKED, **FORM}
