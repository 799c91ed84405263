// A certified OpenID provider (panva's oidc-provider) dressed as Pro Santé Connect, for the lab.
//
// Reads one JSON object on stdin: { port, pem, people: {sub: claims}, client: {id, secret, redirect_uri}, access_s }.
// With client.dns and client.ca instead of a secret, the client proves itself by a certificate of that name (RFC 8705), at
// a second port that the discovery names as alias. With client.logout {uri, port, ca}, it is told of sign-outs.
// Writes one JSON line once it listens: { issuer }. Ends when stdin ends.
// Beside the standard endpoints, /lab/phone lists CIBA requests (GET) and answers them (POST request=…&answer=yes|no),
// /lab/revoked counts the grants that were revoked, /lab/counts says how many refreshes, client secrets and client
// certificates came, /lab/logout (POST person=…) tells the client that a person signed out elsewhere, and /lab/slow
// (POST ms=…) lets the token endpoint take that long.
import { X509Certificate, generateKeyPairSync, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, request as httpsRequest } from 'node:https';
import { Provider, errors } from 'oidc-provider';

const REALM = '/auth/realms/esante-wallet';
const OIDC = '/protocol/openid-connect';
const OPERATORS = 'urn:mssante:operators';
const SCOPE = 'openid scope_all';

const lines = [];
process.stdin.setEncoding('utf8');
const settings = await new Promise((resolve) => {
  process.stdin.on('data', (piece) => {
    lines.push(piece);
    if (piece.includes('\n')) resolve(JSON.parse(lines.join('')));
  });
});
process.stdin.on('end', () => process.exit(0));

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKey = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'lab' };

// PSC's access tokens are JWTs that its own userinfo takes. This library takes only opaque ones there: so a JWT of ours
// is turned back into the record that it was made from, grant included.
function recordOf(token) {
  const [head, body, signature] = token.split('.');
  const sound = verify('sha256', Buffer.from(`${head}.${body}`), createPublicKey(privateKey), Buffer.from(signature, 'base64url'));
  if (!sound) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  return {
    kind: 'AccessToken', jti: claims.jti, iat: claims.iat, exp: claims.exp, accountId: claims.sub,
    clientId: claims.azp, grantId: claims.lab_grant, scope: claims.scope,
  };
}

const records = new Map();
const byGrant = new Map();
const byUid = new Map();
let revoked = 0;
const counts = { refreshes: 0, secrets: 0, certificates: 0 };
const sids = new Map();
let slow = 0;

class Memory {
  constructor(kind) { this.kind = kind; }

  key(id) { return `${this.kind} ${id}`; }

  async upsert(id, record) {
    const key = this.key(id);
    records.set(key, record);
    if (this.kind === 'RefreshToken') sids.set(record.accountId, record.sid);
    if (record.uid) byUid.set(`${this.kind} ${record.uid}`, id);
    if (record.grantId) byGrant.set(record.grantId, [...(byGrant.get(record.grantId) ?? []), key]);
  }

  async find(id) {
    if (this.kind === 'AccessToken' && id.split('.').length === 3) return recordOf(id);
    return records.get(this.key(id));
  }

  async findByUid(uid) { return this.find(byUid.get(`${this.kind} ${uid}`)); }

  async findByUserCode() { return undefined; }

  async destroy(id) { records.delete(this.key(id)); }

  async consume(id) { records.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }

  async revokeByGrantId(grantId) {
    for (const key of byGrant.get(grantId) ?? []) records.delete(key);
    byGrant.delete(grantId);
  }
}

async function granted(provider, clientId, accountId) {
  const grant = new provider.Grant({ clientId, accountId });
  grant.addOIDCScope(SCOPE);
  grant.addResourceScope(OPERATORS, SCOPE);
  await grant.save();
  return grant;
}

const phones = new Map();
const claimNames = [...new Set(Object.values(settings.people).flatMap((claims) => Object.keys(claims)))];

const configuration = {
  adapter: Memory,
  jwks: { keys: [signingKey] },
  cookies: { keys: ['lab'] },
  clients: [{
    client_id: settings.client.id,
    ...(settings.client.dns ? {} : { client_secret: settings.client.secret }),
    redirect_uris: [settings.client.redirect_uri],
    grant_types: ['authorization_code', 'refresh_token', 'urn:openid:params:grant-type:ciba'],
    response_types: ['code'],
    token_endpoint_auth_method: settings.client.dns ? 'tls_client_auth' : 'client_secret_post',
    ...(settings.client.dns ? { tls_client_auth_san_dns: settings.client.dns } : {}),
    ...(settings.client.logout ? { backchannel_logout_uri: settings.client.logout.uri, backchannel_logout_session_required: true } : {}),
    require_auth_time: true,
    backchannel_token_delivery_mode: 'poll',
  }],
  scopes: ['openid', 'scope_all'],
  claims: { openid: ['sub'], scope_all: claimNames },
  acrValues: ['eidas1'],
  responseTypes: ['code'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  expiresWithSession: () => false,
  routes: {
    authorization: `${OIDC}/auth`, token: `${OIDC}/token`, userinfo: `${OIDC}/userinfo`, jwks: `${OIDC}/certs`,
    end_session: `${OIDC}/logout`, revocation: `${OIDC}/revoke`, backchannel_authentication: `${OIDC}/ext/ciba/auth`,
  },
  ttl: {
    AccessToken: settings.access_s, RefreshToken: 1800, AuthorizationCode: 60, IdToken: 300, Interaction: 600,
    Session: 14400, Grant: 14400, BackchannelAuthenticationRequest: 120,
  },
  interactions: { url: (_, interaction) => `${REALM}/choose/${interaction.uid}` },
  findAccount: (_, sub) => settings.people[sub] && { accountId: sub, claims: () => ({ sub, ...settings.people[sub] }) },
  loadExistingGrant: ({ oidc }) => granted(oidc.provider, oidc.client.clientId, oidc.session.accountId),
  extraTokenClaims: (_, token) => ({
    azp: token.clientId, lab_grant: token.grantId,
    preferred_username: settings.people[token.accountId].preferred_username,
    SubjectNameID: settings.people[token.accountId].SubjectNameID,
  }),
  formats: { customizers: { jwt: (_, token, jwt) => { jwt.header = { typ: 'JWT' }; } } },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    mTLS: {
      enabled: true,
      tlsClientAuth: true,
      getCertificate: ({ socket }) => {
        const { raw } = socket.getPeerCertificate?.() ?? {};
        return raw && new X509Certificate(raw);
      },
      certificateAuthorized: ({ socket }) => socket.authorized,
      certificateSubjectMatches: ({ socket }, property, expected) => {
        if (property !== 'tls_client_auth_san_dns') throw new Error(`not here: ${property}`);
        return socket.getPeerCertificate().subjectaltname.split(', ').includes(`DNS:${expected}`);
      },
    },
    revocation: { enabled: true },
    userinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => OPERATORS,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPE, accessTokenFormat: 'jwt', accessTokenTTL: settings.access_s, jwt: { sign: { alg: 'RS256' } },
      }),
    },
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      processLoginHint: (_, hint) => Object.keys(settings.people).find((sub) => settings.people[sub].SubjectNameID === hint),
      validateBindingMessage: (_, message) => {
        if (!/^[0-9]{2}$/.test(message ?? '')) throw new errors.InvalidBindingMessage('two digits are expected');
      },
      validateRequestContext: () => {},
      verifyUserCode: () => {},
      triggerAuthenticationDevice: ({ oidc }, request) => {
        phones.set(request.jti, { request: request.jti, digits: oidc.params.binding_message, person: request.accountId });
      },
    },
  },
};

// The library would look the host up, and refuse this machine: the lab's names lead here.
function tell(url, options) {
  const { host, hostname } = new URL(url);
  const { port, ca } = settings.client.logout;
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': options.headers.get('content-type') };
    const target = { host: '127.0.0.1', port, servername: hostname, path: new URL(url).pathname, method: options.method, ca: readFileSync(ca), headers };
    const told = httpsRequest(target, (response) => { response.resume(); resolve({ status: response.statusCode }); });
    told.on('error', reject);
    told.end(String(options.body));
  });
}
configuration.fetch = tell;

async function signOut(request, response) {
  const form = await formOf(request);
  const person = Object.keys(settings.people).find((sub) => settings.people[sub].SubjectNameID === form.get('person'));
  const client = await provider.Client.find(settings.client.id);
  await client.backchannelLogout(person, sids.get(person));
  response.writeHead(204);
  return response.end();
}

async function formOf(request) {
  let body = '';
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

async function choose(request, response) {
  const { prompt, uid } = await provider.interactionDetails(request, response);
  if (prompt.name !== 'login') return provider.interactionFinished(request, response, { consent: {} }, { mergeWithLastSubmission: true });
  if (request.method === 'POST') {
    const form = await formOf(request);
    const person = Object.keys(settings.people).find((sub) => settings.people[sub].SubjectNameID === form.get('person'));
    const outcome = person ? { login: { accountId: person, acr: 'eidas1' } } : { error: 'access_denied' };
    return provider.interactionFinished(request, response, outcome);
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  return response.end(`<form method="post"><input type="hidden" name="transaction" value="${uid}"><button>Continuer</button></form>`);
}

async function answerPhone(request, response) {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify([...phones.values()]));
  }
  const form = await formOf(request);
  const waiting = await provider.BackchannelAuthenticationRequest.find(form.get('request'));
  phones.delete(form.get('request'));
  const outcome = form.get('answer') === 'yes'
    ? await granted(provider, waiting.clientId, waiting.accountId)
    : new errors.AccessDenied('refused on the phone');
  await provider.backchannelResult(waiting, outcome, { acr: 'eidas1' });
  response.writeHead(204);
  return response.end();
}

async function answer(request, response) {
  const path = new URL(request.url, 'https://lab').pathname;
  if (path.startsWith(`${REALM}/choose/`)) return choose(request, response);
  if (path === '/lab/phone') return answerPhone(request, response);
  if (path === '/lab/counts') return response.end(JSON.stringify(counts));
  if (path === '/lab/slow') {
    slow = Number((await formOf(request)).get('ms'));
    response.writeHead(204);
    return response.end();
  }
  if (path.endsWith('/token') && slow) await new Promise((resolve) => { setTimeout(resolve, slow); });
  if (path === '/lab/logout') return signOut(request, response);
  if (path === '/lab/revoked') return response.end(String(revoked));
  if (!path.startsWith(`${REALM}/`)) { response.writeHead(404); return response.end(); }
  request.originalUrl = request.url;
  request.url = request.url.slice(REALM.length);
  return standard(request, response);
}

const pem = readFileSync(settings.pem);
const listen = async (options, port) => {
  const server = createServer({ key: pem, cert: pem, ...options }, (request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return server.address().port;
};
const issuer = `https://${settings.host}:${await listen({}, settings.port)}${REALM}`;
if (settings.client.dns) {
  const port = await listen({ requestCert: true, rejectUnauthorized: true, ca: readFileSync(settings.client.ca) }, 0);
  const mutual = `https://${settings.host}:${port}${REALM}${OIDC}`;
  configuration.discovery = {
    mtls_endpoint_aliases: {
      token_endpoint: `${mutual}/token`,
      revocation_endpoint: `${mutual}/revoke`,
      backchannel_authentication_endpoint: `${mutual}/ext/ciba/auth`,
    },
  };
  configuration.clientAuthMethods = ['tls_client_auth'];
}
const provider = new Provider(issuer, configuration);
const standard = provider.callback();
provider.on('grant.revoked', () => { revoked += 1; });
provider.on('grant.success', ({ oidc, socket }) => {
  counts.refreshes += oidc.params.grant_type === 'refresh_token';
  counts.secrets += (oidc.body?.client_secret ?? oidc.params.client_secret) !== undefined;
  counts.certificates += Boolean(socket.getPeerCertificate().raw);
});
for (const event of ['server_error', 'authorization.error', 'grant.error', 'userinfo.error', 'backchannel_authentication.error']) {
  provider.on(event, (_, error) => console.error(event, error.error ?? error.name, error.error_description ?? error.message, error.error_detail ?? ''));
}
console.log(JSON.stringify({ issuer }));
