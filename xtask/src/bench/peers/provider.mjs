// npm's oidc-provider with its in-memory store, set to do what the bench asks: pushed requests, PKCE, an RS256 ID token
// with verified claims. Its interaction is a page with a button that signs the person in; nothing else is asked.
// Arguments: port, client id, client secret, redirect URI.

import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, client_id, client_secret, redirect_uri] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const verified_claims = [
  {
    verification: { trust_framework: "IDV-DELEGATED", assurance_level: "VERIFIED" },
    claims: { given_name: { value: "MATCHED" }, family_name: { value: "MATCHED" } },
  },
];

const provider = new Provider(issuer, {
  clients: [
    {
      client_id,
      client_secret,
      redirect_uris: [redirect_uri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  jwks: { keys: [{ ...jwk, kid: "bench", use: "sig", alg: "RS256" }] },
  cookies: { keys: ["a key of the bench's"] },
  claims: { openid: ["sub"], identity_assurance: ["verified_claims"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, verified_claims }) }),
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid identity_assurance");
    await grant.save();
    return grant;
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});

const page = '<!doctype html><form method="post"><button name="csrf" value="none">Continue</button></form>';
const callback = provider.callback();
createServer(async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return callback(request, response);
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/html" });
    return response.end(page);
  }
  await provider.interactionDetails(request, response);
  const account = request.url.split("/").at(-1);
  await provider.interactionFinished(request, response, { login: { accountId: account } });
}).listen(Number(port), "localhost");
