"""Which modules hold the pages about signing in and about accounts?"""

from __future__ import annotations

from fastapi import APIRouter

from desk.web import account, account_ways, accounts, invitation, oidc, signin

ROUTERS: tuple[APIRouter, ...] = (
    signin.router,
    oidc.router,
    invitation.router,
    account.router,
    account_ways.router,
    accounts.router,
)
