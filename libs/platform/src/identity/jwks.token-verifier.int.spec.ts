import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IdentityUnavailable, InvalidToken } from './identity.errors.js';
import { JwksTokenVerifier } from './jwks.token-verifier.js';

const issuer = 'https://id.example.com';
const audience = 'shop';
const maxAgeSeconds = 600;
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** Publishes one key, as an identity provider does. */
async function publish(publicKey: Keys['publicKey']): Promise<{ server: Server; url: URL }> {
  const key = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, url: new URL(`http://127.0.0.1:${port}/keys`) };
}

describe('tokens of an identity provider', () => {
  let keys: Keys;
  let published: Awaited<ReturnType<typeof publish>>;
  let verifier: JwksTokenVerifier;

  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
    published = await publish(keys.publicKey);
    verifier = new JwksTokenVerifier({ kind: 'external', jwksUrl: published.url, issuer, audience, maxAgeSeconds });
  });
  afterAll(() => published.server.close());

  const now = () => Math.floor(Date.now() / 1000);
  const claims = (changes: Record<string, unknown> = {}): JWTPayload => {
    const all = {
      sub: 'u1',
      roles: ['customer'],
      iss: issuer,
      aud: audience,
      iat: now(),
      exp: now() + 300,
      ...changes,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  };
  const signed = (payload: JWTPayload, header: Record<string, unknown> = {}) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', ...header })
      .sign(keys.privateKey);
  const refused = (token: Promise<string> | string) =>
    expect(Promise.resolve(token).then((text) => verifier.verify(text))).rejects.toBeInstanceOf(InvalidToken);

  it('name the caller, the known roles, and the customer', async () => {
    expect(await verifier.verify(await signed(claims({ roles: ['customer', 'root', 7] })))).toEqual({
      id: 'u1',
      roles: ['customer'],
      customerId: 'u1',
    });
    const other = claims({ customer_id: 'c9', roles: 'admin' });
    expect(await verifier.verify(await signed(other))).toEqual({ id: 'u1', roles: [], customerId: 'c9' });
  });

  it('are refused when they are too old, not yet valid, for others or by others', async () => {
    await refused(signed(claims({ exp: now() - 60 })));
    await refused(signed(claims({ nbf: now() + 60 })));
    await refused(signed(claims({ iat: now() - maxAgeSeconds - 60, exp: now() + 1_000_000_000 })));
    await refused(signed(claims({ aud: 'somebody-else' })));
    await refused(signed(claims({ iss: 'https://evil.example.com' })));
  });

  it('are refused without an end, a beginning or a subject that is fit', async () => {
    await refused(signed(claims({ exp: undefined })));
    await refused(signed(claims({ iat: undefined })));
    await refused(signed(claims({ sub: undefined })));
    await refused(signed(claims({ sub: '../admin' })));
    await refused(signed(claims({ customer_id: { $ne: null } })));
  });

  it('are refused when they are of another type, such as a refresh token', async () => {
    await refused(signed(claims(), { typ: 'refresh' }));
    await refused(signed(claims(), { typ: undefined }));
  });

  it('are refused without a signature, with one of another key, and with one that the public key was the secret of', async () => {
    await refused(new UnsecuredJWT(claims()).encode());
    const others = await generateKeyPair('ES256');
    await refused(
      new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' }).sign(others.privateKey),
    );
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)));
    await refused(new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' }).sign(secret));
  });

  it('cannot bring their own key', async () => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    const header = { alg: 'ES256', kid: 'mine', typ: 'at+jwt', jwk, jku: 'http://127.0.0.1:1/keys' };
    await refused(new SignJWT(claims()).setProtectedHeader(header).sign(own.privateKey));
  });

  it('are refused when they are no tokens', async () => {
    for (const text of ['', '.', '..', 'a.b.c', 'x'.repeat(7_000)]) await refused(text);
  });

  it("cannot be judged while the keys cannot be fetched: that is not the caller's fault", async () => {
    const jwksUrl = new URL('http://127.0.0.1:9/keys');
    const cut = new JwksTokenVerifier({ kind: 'external', jwksUrl, issuer, audience, maxAgeSeconds });
    await expect(cut.verify(await signed(claims()))).rejects.toBeInstanceOf(IdentityUnavailable);
  });
});
