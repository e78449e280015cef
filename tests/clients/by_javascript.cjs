// Anam's JavaScript SDK: from the session token to the door of the engine.
//
// As read from @anam-ai/js-sdk 4.27.0: the address is `api.baseUrl`, without a slash at its end. With a
// session token it posts to /v1/engine/session; with an API key it first posts to
// /v1/auth/session-token. Then it opens a websocket at the engine. On the side it posts metrics to
// /v1/metrics/client, without any token, and does not mind what comes of it. It waits ten seconds for
// a session and tries three times in all when the answer is 5xx, no JSON, or none.
'use strict';

const { createClient, unsafe_createClientWithApiKey: createWithKey } = require('@anam-ai/js-sdk');

const { CLIENTS_BASE_URL: base, CLIENTS_TOKEN: token, CLIENTS_AVATAR: avatarId } = process.env;
const NOBODY = '0b7e8c3a-0000-4000-8000-000000000000';
const PAGE = 'https://pages.example'; // some page that talks to this server from a browser
const options = { api: { baseUrl: base }, disableInputAudio: true };

// Node 20 has no websocket. This one tells who was called, and nobody answers.
let called = () => {};
globalThis.WebSocket = class {
  constructor(address) {
    called(address);
  }
  close() {}
};

function goesOn(client) {
  return new Promise((resolve, reject) => {
    called = (address) => {
      const { protocol, host, pathname, searchParams } = new URL(address);
      const named = searchParams.get('session_id') === client.getActiveSessionId();
      expect(protocol === 'wss:' && named, `a strange websocket: ${address}`, reject);
      resolve(`has a session, and calls ${protocol}//${host}${pathname}`);
    };
    client.stream().catch(reject);
  });
}

async function refused(client, code, ...statuses) {
  try {
    await goesOn(client);
  } catch (error) {
    const right = error.name === 'ClientError' && statuses.includes(error.statusCode);
    expect(right && error.code.includes(code), `${error.code} ${error.statusCode}: ${error.message}`);
    return `${error.statusCode}: ${error.message} (${error.details.cause})`;
  }
  throw new Error('it was let in');
}

async function sessionToken() {
  const answer = await fetch(`${base}/v1/auth/session-token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ personaConfig: { avatarId, maxSessionLengthSeconds: 60 } }),
  });
  const said = await answer.json();
  expect(answer.ok && said.sessionToken, `${answer.status} ${JSON.stringify(said)}`);
  return said.sessionToken;
}

// What a browser asks before it sends anything from another page.
async function preflight() {
  const address = `${base}/v1/engine/session`;
  const headers = {
    Origin: PAGE,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization,content-type',
  };
  const leave = await fetch(address, { method: 'OPTIONS', headers });
  expect(leave.ok && open(leave), `${leave.status}, open to ${leave.headers.get(ORIGIN)}`);
  const names = (leave.headers.get('Access-Control-Allow-Headers') || '').toLowerCase().split(/, */);
  expect(names.includes('authorization') && names.includes('content-type'), `only ${names}`);
  const refusal = await fetch(address, { method: 'POST', headers: { Origin: PAGE } });
  expect(open(refusal), `its ${refusal.status} can't be read by a page`);
  return `${leave.status}, open to ${leave.headers.get(ORIGIN)}`;
}

const ORIGIN = 'Access-Control-Allow-Origin';
const open = (answer) => ['*', PAGE].includes(answer.headers.get(ORIGIN));

function expect(holds, otherwise, fail = raise) {
  if (!holds) fail(new Error(otherwise));
}

function raise(error) {
  throw error;
}

// The SDK reads a session token before it sends it, so a false one needs the right form.
function falseToken() {
  const packed = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${packed({ alg: 'HS256' })}.${packed({ type: 'ephemeral', accountId: 'nobody' })}.none`;
}

async function check(name, attempt) {
  let good = true;
  let said;
  try {
    said = await attempt();
  } catch (error) {
    good = false;
    said = `${error.name}: ${error.message} ${JSON.stringify(error.details ?? '')}`;
  }
  said = said.replaceAll(token, '[token]').slice(0, 200);
  process.stdout.write(`${JSON.stringify({ check: name, good, said })}\n`);
}

async function main() {
  const withKey = (key, id) => createWithKey(key, { avatarId: id }, options);
  await check('a session token opens the session', async () =>
    goesOn(createClient(await sessionToken(), options)),
  );
  await check('an API key opens the session', () => goesOn(withKey(token, avatarId)));
  await check('a page from elsewhere may open it', preflight);
  await check('a false session token is refused', () =>
    refused(createClient(falseToken(), options), 'AUTHENTICATION', 401),
  );
  await check('a false API key is refused', () =>
    refused(withKey('no-key-of-this-server', avatarId), 'AUTHENTICATION', 401),
  );
  await check('an unknown avatar is refused', () =>
    refused(withKey(token, NOBODY), '', 400, 403, 404),
  );
}

main().then(() => process.exit(0)); // the clients keep listening otherwise
