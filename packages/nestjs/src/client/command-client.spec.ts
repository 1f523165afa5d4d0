import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandClient, isCommandFailed, type CommandClientOptions } from './index.js';

interface Reply {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
}

let server: Server;
let url: string;
let replies: (Reply | 'cut')[];
const seen: IncomingMessage[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = createServer((request, response) => {
    seen.push(request);
    const reply = replies.shift() ?? { status: 202, body: { id: '1', version: 1 } };
    request.resume().on('end', () => {
      if (reply === 'cut') {
        request.socket.destroy();
        return;
      }
      const { status, body = {}, headers = {} } = reply as Reply;
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const client = (options: Partial<CommandClientOptions> = {}) =>
  new CommandClient({ url, pauseMs: 1, longestPauseMs: 5, ...options });
const keys = () => seen.map(({ headers }) => headers['idempotency-key']);

describe('CommandClient', () => {
  it('sends a key, the version, what to wait for, and fresh headers', async () => {
    replies = [{ status: 202, body: { id: '1', version: 2, applied: true } }];
    let asked = 0;
    const headers = async () => ({ authorization: `Bearer ${(asked += 1)}` });
    const answer = await client({ headers }).send(
      'POST',
      '/orders/1/place',
      {},
      { ifMatch: 1, waitFor: ['a', 'b'], waitForMs: 50 },
    );
    expect(answer).toEqual({ id: '1', version: 2, applied: true });
    const [request] = seen;
    expect(request?.url).toBe('/orders/1/place?waitFor=a%2Cb&waitForMs=50');
    expect(request?.headers).toMatchObject({
      'if-match': '"1"',
      authorization: 'Bearer 1',
      'content-type': 'application/json',
    });
    expect(request?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  // With a fresh key for each attempt, an order whose answer was lost would be placed twice.
  it('sends again under the same key after a cut connection, 503, 429 and a lost race [H-7]', async () => {
    replies = [
      'cut',
      { status: 503, body: { code: 'store.overloaded' } },
      { status: 429 },
      { status: 502, body: '<html>' },
      { status: 409, body: { code: 'stream.conflict', details: { expected: 3, actual: 4 } } },
    ];
    expect(await client().send('POST', '/orders')).toEqual({ id: '1', version: 1 });
    expect(seen).toHaveLength(6);
    expect(new Set(keys()).size).toBe(1);
  });

  it('keeps to Retry-After [H-7]', async () => {
    replies = [{ status: 503, headers: { 'retry-after': '1' } }];
    const begun = Date.now();
    await client().send('POST', '/orders');
    expect(Date.now() - begun).toBeGreaterThanOrEqual(990);
  });

  it('keeps to a Retry-After that is a moment [H-7]', async () => {
    const begun = Date.now();
    replies = [{ status: 503, headers: { 'retry-after': new Date(begun + 2_000).toUTCString() } }];
    await client().send('POST', '/orders');
    // Such a moment has whole seconds.
    expect(Date.now() - begun).toBeGreaterThanOrEqual(900);
  });

  // A timer that is set for more than 24 days ends at once: the command was sent again without any pause.
  it('takes no Retry-After for none because it is long, and ends at once with its signal meanwhile [H-7]', async () => {
    replies = [{ status: 503, headers: { 'retry-after': '5000000' } }];
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const stop = new AbortController();
    const sending = client().send('POST', '/orders', {}, { signal: stop.signal });
    const isPausing = (): boolean => timers.mock.calls.some(([, milliseconds = 0]) => milliseconds >= 2 ** 31 - 1);
    await expect.poll(isPausing).toBe(true);
    expect(Math.max(...timers.mock.calls.map(([, milliseconds = 0]) => milliseconds))).toBe(2 ** 31 - 1);
    timers.mockRestore();
    stop.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });

  it('does not pause for a signal that was aborted with the answer [H-7]', async () => {
    const stop = new AbortController();
    const answer = (): Promise<Response> => {
      stop.abort(new Error('enough'));
      return Promise.resolve(new Response('{}', { status: 503, headers: { 'retry-after': '60' } }));
    };
    const sending = client({ fetch: answer }).send('POST', '/orders', {}, { signal: stop.signal });
    await expect(sending).rejects.toThrow('enough');
  });

  it.each([
    [400, 'message.invalid', {}],
    [409, 'stream.conflict', { expected: 'noStream' }],
    [409, 'stream.conflict', { expected: 'streamExists', actual: 0 }],
    // Of a version in the body; fails without the look at `stated`.
    [409, 'stream.conflict', { expected: 3, actual: 4, stated: true }],
    [409, 'claim.taken', {}],
    [412, 'stream.conflict', { expected: 1 }],
    [422, 'order.empty', {}],
    [500, 'internal', {}],
  ])('sends nothing again that is refused for good: %i %s [H-7]', async (status, code, details) => {
    replies = [{ status, body: { code, detail: 'No.', details } }];
    const error = await client()
      .send('POST', '/orders', {}, { key: 'k' })
      .catch((reason: unknown) => reason);
    if (!isCommandFailed(error)) throw error;
    expect([error.message, error.code, error.key, error.problem?.status, error.isUnknown]).toEqual([
      'No.',
      code,
      'k',
      status,
      status === 500,
    ]);
    expect(seen).toHaveLength(1);
  });

  it('gives up after its attempts, and says under which key the outcome can be asked for [H-7]', async () => {
    replies = ['cut', 'cut', 'cut'];
    const error = await client({ attempts: 3 })
      .send('POST', '/orders')
      .catch((reason: unknown) => reason);
    if (!isCommandFailed(error)) throw error;
    expect([error.isUnknown, error.problem, error.key]).toEqual([true, undefined, keys()[0]]);
    expect(seen).toHaveLength(3);
  });

  it('bounds an attempt, and ends at once with its signal [H-7]', async () => {
    const silent = (_input: unknown, init?: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    const patient = client({ fetch: silent, attempts: 2, attemptMs: 10 });
    await expect(patient.send('POST', '/orders')).rejects.toSatisfy(isCommandFailed);
    const stop = new AbortController();
    const sending = client({ fetch: silent }).send('POST', '/orders', {}, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
  });

  it('imports nothing but its neighbours', () => {
    const folder = new URL('.', import.meta.url).pathname;
    const files = readdirSync(folder).filter((file) => !file.endsWith('.spec.ts'));
    const imports: (string | undefined)[] = files.flatMap((file) =>
      [...readFileSync(`${folder}${file}`, 'utf8').matchAll(/from '(.*)'/g)].map(([, from]) => from),
    );
    expect(imports.filter((from) => !from?.startsWith('./'))).toEqual([]);
  });
});
