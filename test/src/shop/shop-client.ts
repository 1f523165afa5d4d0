/** What the shop answered; `status` 0 means that no answer came. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** Talks to a shop as one user. */
export class ShopClient {
  private constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** Logs in with the development issuer. */
  static async login(url: string, email: string, password: string): Promise<ShopClient> {
    const answer = await send(`${url}/auth/token`, { method: 'POST', body: { email, password } });
    const token = answer.body['token'];
    if (typeof token !== 'string') throw new Error(`No token for ${email}: ${answer.status}`);
    return new ShopClient(url, token);
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.request('GET', path);
  }

  post<T = Record<string, unknown>>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.request('POST', path, body, headers);
  }

  request<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return send<T>(`${this.url}${path}`, { method, body, headers: { authorization: `Bearer ${this.token}`, ...headers } });
  }
}

async function send<T = Record<string, unknown>>(
  url: string,
  { method, body, headers = {} }: { method: string; body?: unknown; headers?: Record<string, string> },
): Promise<Answer<T>> {
  try {
    const response = await fetch(url, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T, headers: response.headers };
  } catch {
    return { status: 0, body: {} as T, headers: new Headers() };
  }
}
