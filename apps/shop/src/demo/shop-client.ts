import { performance } from 'node:perf_hooks';
import type { Receipt } from './wire.js';

/** What the shop answered. `T` is what is expected of it; the steps check what they use. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** How a call is made, beside its method and path. */
export interface CallOptions {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 30_000;

/** Somebody who calls the shop over HTTP, with or without a token. Every call is measured. */
export class ShopClient {
  constructor(
    private readonly url: string,
    private readonly measured: (milliseconds: number) => void,
    private readonly token?: string,
  ) {}

  get<T>(path: string, options?: CallOptions): Promise<Answer<T>> {
    return this.call('GET', path, options);
  }

  post<T = Receipt>(path: string, body: object = {}, options: CallOptions = {}): Promise<Answer<T>> {
    return this.call('POST', path, { ...options, body });
  }

  put<T = Receipt>(path: string, body: object, options: CallOptions = {}): Promise<Answer<T>> {
    return this.call('PUT', path, { ...options, body });
  }

  delete<T = Receipt>(path: string, options?: CallOptions): Promise<Answer<T>> {
    return this.call('DELETE', path, options);
  }

  /** The same shop, seen by the user who logs in. */
  async logIn(email: string, password: string): Promise<ShopClient> {
    const { status, body } = await this.post<{ token: string }>('/auth/token', { email, password });
    if (status !== 200) {
      throw new Error(
        `${email} cannot log in (${status}): the demo needs the development issuer, so start the shop without AUTH_JWKS_URL.`,
      );
    }
    return new ShopClient(this.url, this.measured, body.token);
  }

  private async call<T>(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<Answer<T>> {
    const started = performance.now();
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    this.measured(performance.now() - started);
    return { status: response.status, body: parsed(text) as T, headers: response.headers };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
