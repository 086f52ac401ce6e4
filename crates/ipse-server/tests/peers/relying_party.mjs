// A relying party built on openid-client, a certified library that knows nothing of Ipse: it pushes a request, says where
// the browser goes, takes back where it came to, and validates everything that it is given.
//
// Speaks lines of JSON with the test that started it:
//   → {"jwks"}, ← {"issuer", "client_id", "redirect_uri"}, → {"authorize"}, ← {"callback"}, → {"id_token", "userinfo"}
// A library's refusal ends it with {"refused": its code}.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = process.env.IPSE_TEST_OPENID_CLIENT;
const found = createRequire(pathToFileURL(`${folder}/`)).resolve("openid-client");
const client = await import(pathToFileURL(found).href);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const hear = async () => JSON.parse((await lines.next()).value);

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
const kid = "of-the-relying-party";
say({ jwks: { keys: [{ kty, crv, x, y, kid, use: "sig", alg: "ES256" }] } });

try {
  const { issuer, client_id, redirect_uri } = await hear();
  const metadata = { id_token_signed_response_alg: "ES256", use_mtls_endpoint_aliases: false };
  const proves = client.PrivateKeyJwt({ key: pair.privateKey, kid });
  const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];
  const config = await client.discovery(new URL(issuer), client_id, metadata, proves, { execute });
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const asked = {
    verified_claims: { verification: { trust_framework: null }, claims: { given_name: null, family_name: null } },
  };
  const authorize = await client.buildAuthorizationUrlWithPAR(
    config,
    {
      redirect_uri,
      scope: "openid identity_assurance",
      state: expectedState,
      nonce: expectedNonce,
      login_hint: "bank-customer",
      claims: JSON.stringify({ id_token: asked, userinfo: asked }),
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    },
    { DPoP },
  );
  say({ authorize: authorize.href });
  const { callback } = await hear();
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, new URL(callback), checks, undefined, { DPoP });
  const claims = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP });
  say({ token_type: tokens.token_type, id_token: claims, userinfo });
} catch (error) {
  say({ refused: error.error ?? error.code ?? String(error), why: String(error.cause ?? error) });
}
process.exit(0);
