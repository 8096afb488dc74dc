// Single sign-on against a real OpenID Connect provider (npm's oidc-provider) on loopback: the code
// flow with PKCE under several ways of naming the client and signing, key rotation, and answers that
// are false.  Drives tests/http/openid_probe.c.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';
import { cookiesOf } from './lib.mjs';

const build = process.env.DUET_BUILD ?? 'build-release';
const back = 'https://duet.school.example/sign-in/oidc/back';
let count = 0;
let failures = 0;

function ok(cond, what, detail) {
    count++;
    console.log(`${cond ? '' : 'not '}ok ${count} - ${what}`);
    if (!cond) {
        failures++;
        console.log(`# ${detail ?? ''}`);
    }
}

let keyNumber = 0;
function newKey(alg) {
    const pair = alg.startsWith('ES')
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { ...pair.privateKey.export({ format: 'jwk' }), kid: `key-${++keyNumber}`, alg, use: 'sig' };
}

// A provider on `port` (0: any) that lets everybody in as ana@school.example.
async function startProvider({ port = 0, client, keys, methods, emailVerified = true }) {
    const server = createServer();
    await new Promise((done) => server.listen(port, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
        clients: [{ redirect_uris: [back], grant_types: ['authorization_code'], ...client }],
        jwks: { keys },
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        features: { devInteractions: { enabled: false } },
        clientAuthMethods: methods ?? ['client_secret_basic'],
        cookies: { keys: ['test'] },
        enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
        async findAccount(ctx, sub) {
            return {
                accountId: sub,
                claims: () => ({ sub, email: 'ana@school.example', email_verified: emailVerified, name: 'Ana' }),
            };
        },
        interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    });
    provider.use(async (ctx, next) => {
        if (!ctx.path.startsWith('/interaction/')) {
            return next();
        }
        const { prompt, params, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
        if (prompt.name === 'login') {
            return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 't-17' } });
        }
        const grant = grantId
            ? await provider.Grant.find(grantId)
            : new provider.Grant({ accountId: 't-17', clientId: params.client_id });
        grant.addOIDCScope('openid email profile');
        return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
    });
    server.on('request', provider.callback());
    return { issuer, stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

// Follows the provider's redirects as a browser would, until it sends us back.
async function visit(url) {
    const jar = new Map();
    for (let hops = 0; hops < 12; hops++) {
        const ask = () => fetch(url, {
            redirect: 'manual',
            headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') },
        });
        // A connection kept from before the provider was started again is closed: once more.
        const reply = await ask().catch(ask);
        for (const cookie of cookiesOf(reply.headers)) {
            const [pair] = cookie.split(';');
            const at = pair.indexOf('=');
            jar.set(pair.slice(0, at), pair.slice(at + 1));
        }
        const to = reply.headers.get('location');
        if (!to) {
            throw new Error(`${reply.status} ${await reply.text()}`);
        }
        url = new URL(to, url).href;
        if (url.startsWith(back)) {
            return new URL(url).searchParams;
        }
    }
    throw new Error('too many redirects');
}

function startProbe(issuer, id, secret) {
    const child = spawn(`${build}/tests/http/openid_probe`, [issuer, id, secret, back], {
        stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
        async ask(line) {
            child.stdin.write(`${line}\n`);
            return (await lines.next()).value ?? '';
        },
        stop: () => child.stdin.end(),
    };
}

async function signIn(probe, offset = 0) {
    const url = await probe.ask(`authorize ${offset}`);
    const params = await visit(url);
    return { url, params, answer: await probe.ask(`exchange ${offset} ${params.get('code')} ${params.get('iss') ?? '-'}`) };
}

const confidential = { client_id: 'duet', client_secret: 'a secret: with %, + and ~' };

for (const [alg, method] of [['RS256', 'client_secret_basic'], ['PS256', 'client_secret_post'], ['ES256', 'none']]) {
    const client = method === 'none' ? { client_id: 'duet' } : confidential;
    const provider = await startProvider({
        client: { ...client, token_endpoint_auth_method: method, id_token_signed_response_alg: alg },
        keys: [newKey(alg)],
        methods: [method],
    });
    const probe = startProbe(provider.issuer, 'duet', client.client_secret ?? '');
    const { url, params, answer } = await signIn(probe);
    ok(answer === 'ok t-17 ana@school.example verified Ana', `${alg}, ${method}: signed in`, answer);
    ok(new URL(url).searchParams.get('code_challenge_method') === 'S256', `${alg}: PKCE with S256`);
    ok(new URL(url).searchParams.get('state') === params.get('state'), `${alg}: the state comes back`);
    const again = await probe.ask(`exchange 0 ${params.get('code')} -`);
    ok(again.startsWith('refused'), `${alg}: a code is good once`, again);
    probe.stop();
    await provider.stop();
}

{
    const first = newKey('RS256');
    const client = { ...confidential, id_token_signed_response_alg: 'RS256' };
    let provider = await startProvider({ client, keys: [first] });
    const probe = startProbe(provider.issuer, 'duet', confidential.client_secret);
    const before = await signIn(probe);
    ok(before.answer.startsWith('ok'), 'rotation: signed in under the first key', before.answer);
    const port = new URL(provider.issuer).port;
    await provider.stop();
    provider = await startProvider({ port, client, keys: [newKey('RS256'), first] });
    const soon = await signIn(probe, 5);
    ok(soon.answer.startsWith('refused'), 'rotation: keys are not asked for twice within half a minute', soon.answer);
    const after = await signIn(probe, 40);
    ok(after.answer.startsWith('ok'), 'rotation: an unknown key makes Duet ask for the keys again', after.answer);

    const one = await probe.ask('authorize 40');
    const params = await visit(one);
    await probe.ask('authorize 40'); // another flow begins: verifier and nonce differ
    const mixed = await probe.ask(`exchange 40 ${params.get('code')} -`);
    ok(mixed.startsWith('refused'), 'a code of another flow is refused', mixed);
    const url = await probe.ask('authorize 40');
    const third = await visit(url);
    const iss = await probe.ask(`exchange 40 ${third.get('code')} https://evil.example`);
    ok(iss.startsWith('refused'), 'an answer of another issuer is refused', iss);
    await provider.stop();
    const gone = await probe.ask('authorize 4000');
    ok(gone.startsWith('input or output failed'), 'a provider that is gone is told', gone);
    probe.stop();
}

{
    const provider = await startProvider({ client: confidential, keys: [newKey('RS256')], emailVerified: false });
    const probe = startProbe(provider.issuer, 'duet', confidential.client_secret);
    const { answer } = await signIn(probe);
    ok(answer === 'ok t-17 ana@school.example unverified Ana', 'an address that is not verified says so', answer);
    probe.stop();
    const wrong = startProbe(`${provider.issuer}/`, 'duet', confidential.client_secret);
    const said = await wrong.ask('authorize 0');
    ok(said.startsWith('invalid'), 'a provider that calls itself otherwise is refused', said);
    wrong.stop();
    await provider.stop();
    const plain = startProbe('http://id.school.example', 'duet', 'x');
    ok((await plain.ask('authorize 0')) === 'invalid', 'http to another machine is refused');
    plain.stop();
}

console.log(`1..${count}`);
process.exit(failures ? 1 : 0);
