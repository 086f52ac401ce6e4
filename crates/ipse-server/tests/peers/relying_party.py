"""A relying party built on Authlib, which knows nothing of Ipse: the plain code flow with PKCE and a secret by HTTP Basic.

Speaks lines of JSON with the test that started it:
  → {"issuer", "client_id", "client_secret", "redirect_uri"}, ← {"authorize"}, → {"callback"}, ← {"id_token", "userinfo"}
A refusal, the library's or the provider's, ends it with {"refused": its code}.
"""

import json
import sys

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken, UserInfo
from joserfc import jwt
from joserfc.jwk import KeySet


def hear():
    return json.loads(sys.stdin.readline())


def say(value):
    print(json.dumps(value), flush=True)


def converse():
    party = hear()
    session = OAuth2Session(
        party["client_id"],
        party["client_secret"],
        token_endpoint_auth_method="client_secret_basic",
        redirect_uri=party["redirect_uri"],
        scope="openid profile",
        code_challenge_method="S256",
    )
    provider = session.get(party["issuer"] + "/.well-known/openid-configuration", withhold_token=True).json()
    verifier, nonce = generate_token(48), generate_token(20)
    url, state = session.create_authorization_url(
        provider["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    say({"authorize": url})
    token = session.fetch_token(
        provider["token_endpoint"], authorization_response=hear()["callback"], state=state, code_verifier=verifier
    )
    keys = KeySet.import_key_set(session.get(provider["jwks_uri"], withhold_token=True).json())
    signed = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    expected = {"iss": {"essential": True, "value": provider["issuer"]}, "aud": {"essential": True, "value": party["client_id"]}}
    known = {"nonce": nonce, "client_id": party["client_id"], "access_token": token["access_token"]}
    claims = CodeIDToken(signed.claims, signed.header, expected, known)
    # The clock of a test runs ahead of this machine's.
    claims.validate(leeway=3600)
    userinfo = session.get(provider["userinfo_endpoint"])
    userinfo.raise_for_status()
    say({"id_token": dict(claims), "userinfo": dict(UserInfo(userinfo.json()))})


try:
    converse()
except Exception as error:
    say({"refused": getattr(error, "error", None) or type(error).__name__, "why": str(error)})
