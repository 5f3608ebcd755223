// A real OpenID provider for the tests of sign-in: node provider.mjs PORT PORTAL-ADDRESS.
// Whoever logs in is a person; PUT /control/people/NAME sets that person's claims, PUT /control/away makes the provider answer 503 (true) or serve again (false).
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [port, portal] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = new Map();
let away = false;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "portal",
    client_secret: "the portal's secret: +/&=",
    redirect_uris: [`${portal}/signin/callback`],
    post_logout_redirect_uris: [`${portal}/signin`],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_basic",
  }],
  cookies: { keys: ["keys of a test"] },
  pkce: { required: () => true },
  conformIdTokenClaims: true,
  scopes: ["openid", "profile", "email"],
  claims: { openid: ["sub"], profile: ["name", "groups", "roles"], email: ["email", "email_verified"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: id, email: `${id}@example.org`, email_verified: true, ...people.get(id) }) }),
  // Consent is the company's to give, not each person's.
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const known = session.grantIdFor(client.clientId);
    if (known) {
      const grant = await ctx.oidc.provider.Grant.find(known);
      if (grant) return grant;
    }
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});
const serve = provider.callback();

createServer((request, response) => {
  if (request.url.startsWith("/control/")) {
    let body = "";
    request.on("data", piece => { body += piece; });
    request.on("end", () => {
      const value = JSON.parse(body);
      if (request.url === "/control/away") away = value;
      else people.set(decodeURIComponent(request.url.split("/").at(-1)), value);
      response.end("{}");
    });
  } else if (away) {
    response.statusCode = 503;
    response.end();
  } else serve(request, response);
}).listen(Number(port), "127.0.0.1");
