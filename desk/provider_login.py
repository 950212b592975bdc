"""Whom does the office's OpenID provider say this is? Authorisation code with PKCE; OpenID Connect Core 1.0.

Only who it is: what they may do here is ours to say, never the provider's.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from schemas.errors import BadInput, NotAllowed, Unavailable
from schemas.settings import Settings

SCOPE = "openid email"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY_SECONDS = 60
ANSWER_SECONDS = 10.0
KNOWN_SECONDS = 3600.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_KNOWN: dict[str, tuple[float, Provider]] = {}


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str | None
    by_post: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """What must come back unchanged (`nonce`), and what only we know (`verifier`). `anew`: the moment (Unix
    seconds) since which the person must have shown the provider who they are; None: whenever it was."""

    nonce: str
    verifier: str
    anew: float | None = None

    @classmethod
    def now(cls, anew: bool = False) -> Begun:
        """New ones."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(48), time.time() if anew else None)

    @property
    def challenge(self) -> str:
        """What the provider is shown of the verifier (PKCE, S256)."""
        told = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider has signed in. `email` only if the provider has verified it."""

    issuer: str
    subject: str
    email: str | None


class NotRecognised(NotAllowed):
    """The provider's answer does not show who this is."""

    code = "not-recognised"

    def __init__(self, what: str) -> None:
        super().__init__(what, next_step="begin again; if it stays so, tell an operator of the house")


def client() -> httpx.AsyncClient:
    """How the provider is reached."""
    return httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False)


async def provider_of(settings: Settings, http: httpx.AsyncClient) -> Provider:
    """The provider of the house, as it says itself. Raises Unavailable, BadInput (settings)."""
    issuer = settings.oidc_issuer
    kept = _KNOWN.get(issuer)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    told = await _json(http, issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != issuer:
        raise BadInput(
            "The provider gives itself another name than oidc_issuer.",
            where="oidc_issuer",
            next_step="write it exactly as the provider does",
        )
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    found = Provider(
        issuer,
        _safe(told.get("authorization_endpoint")),
        _safe(told.get("token_endpoint")),
        _safe(told.get("jwks_uri")),
        _safe(told["userinfo_endpoint"]) if told.get("userinfo_endpoint") else None,
        "client_secret_basic" not in methods and "client_secret_post" in methods,
    )
    _KNOWN[issuer] = (time.monotonic() + KNOWN_SECONDS, found)
    return found


def address(settings: Settings, provider: Provider, begun: Begun, state: str, back: str) -> str:
    """Where the person is sent to sign in. `back`: our own address that they come back to."""
    query = {
        "response_type": "code",
        "client_id": settings.oidc_client,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    }
    if begun.anew is not None:
        # 3.1.2.1: the provider must ask again, and say when it did (`auth_time`).
        query |= {"prompt": "login", "max_age": "0"}
    joint = "&" if urlsplit(provider.authorization).query else "?"
    return f"{provider.authorization}{joint}{urlencode(query)}"


async def person_of(
    settings: Settings, provider: Provider, begun: Begun, code: str, back: str, http: httpx.AsyncClient
) -> Person:
    """Whom the code stands for. Raises NotRecognised, Unavailable."""
    told = await _exchanged(settings, provider, begun, code, back, http)
    keys = await _json(http, provider.keys)
    claims = _claims(settings, provider, begun, str(told.get("id_token", "")), keys)
    subject = claims["sub"]
    if "email" not in claims and provider.userinfo and told.get("access_token"):
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        more = await _json(http, provider.userinfo, bearer)
        if more.get("sub") == subject:
            claims = {**claims, "email": more.get("email"), "email_verified": more.get("email_verified")}
    email = claims.get("email")
    verified = claims.get("email_verified") is True and isinstance(email, str)
    return Person(provider.issuer, subject, email if verified else None)


async def _exchanged(
    settings: Settings, provider: Provider, begun: Begun, code: str, back: str, http: httpx.AsyncClient
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": settings.oidc_client,
        "code_verifier": begun.verifier,
    }
    secret, auth = _secret(settings), None
    if secret is not None and provider.by_post:
        form["client_secret"] = secret
    elif secret is not None:
        auth = httpx.BasicAuth(quote(settings.oidc_client, safe=""), quote(secret, safe=""))
    try:
        answer = await http.post(provider.token, data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _away() from error
    if not answer.is_success or not isinstance(told, dict):
        raise NotRecognised("The provider did not accept the answer of your browser.")
    return told


def _claims(
    settings: Settings, provider: Provider, begun: Begun, token: str, keys: dict[str, Any]
) -> dict[str, Any]:
    try:
        # Keys for encryption, and kinds that are not known here, are left out.
        usable = [each for each in keys.get("keys", []) if each.get("use", "sig") == "sig"]
        claims = jwt.decode(token, KeySet.import_key_set({"keys": usable}), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotRecognised("The provider's word is not signed as it must be.") from error
    now, subject = time.time(), claims.get("sub")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    ends, made = claims.get("exp"), claims.get("iat")
    sound = (
        claims.get("iss") == provider.issuer
        and settings.oidc_client in audiences
        and (len(audiences) == 1 or claims.get("azp") == settings.oidc_client)
        and claims.get("azp", settings.oidc_client) == settings.oidc_client
        and isinstance(ends, int | float)
        and now < ends + LEEWAY_SECONDS
        and isinstance(made, int | float)
        and made <= now + LEEWAY_SECONDS
        and secrets.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode())
        and isinstance(subject, str)
        and 0 < len(subject) <= 255
    )
    if not sound:
        raise NotRecognised("The provider's word is not about you, not for this house, or too old.")
    if begun.anew is not None and not _shown_since(begun.anew, claims.get("auth_time")):
        raise NotRecognised("The provider does not say that you have signed in there just now.")
    return dict(claims)


def _shown_since(moment: float, told: object) -> bool:
    """Nobody can take the wish out of the address and come back with an earlier sign-in."""
    return isinstance(told, int | float) and moment - LEEWAY_SECONDS <= told <= time.time() + LEEWAY_SECONDS


async def _json(http: httpx.AsyncClient, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = await http.get(_safe(url), headers=headers)
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _away() from error
    if not answer.is_success or not isinstance(told, dict):
        raise _away()
    return told


def _safe(url: object) -> str:
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return str(url)
    raise BadInput(
        "An address of the provider is not https.",
        where="oidc_issuer",
        next_step="name a provider that has it",
    )


def _secret(settings: Settings) -> str | None:
    path = settings.oidc_secret_file
    if path is None:
        return None
    if not path.is_file() or path.stat().st_mode & 0o077:
        raise BadInput(
            "The file with the secret for the provider is missing, or others may read it.",
            where="oidc_secret_file",
            next_step="put the secret into it, and chmod 600",
        )
    return path.read_text("utf-8").strip()


def _away() -> Unavailable:
    return Unavailable(
        "The provider by which you sign in does not answer.", next_step="try again in a moment"
    )
