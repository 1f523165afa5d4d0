/** What the shop answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** The fields that tests look at; the rest by name. */
export type AnswerBody = Readonly<Record<string, unknown>> & {
  readonly id?: string;
  readonly version?: number;
  readonly code?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

/** A request's other parts. `raw` is sent as it is, in place of a JSON body. */
export interface Parts {
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Talks to a shop as one user, or as nobody. */
export class ShopCaller {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  async login(email: string, password: string): Promise<ShopCaller> {
    const { body } = await this.send('POST', '/auth/token', { body: { email, password } });
    return this.as(String(body['token']));
  }

  as(token: string): ShopCaller {
    return new ShopCaller(this.url, token);
  }

  async send(method: string, path: string, { body, raw, headers = {} }: Parts = {}): Promise<Answer> {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method: method.toUpperCase(),
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
      signal: AbortSignal.timeout(15_000),
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(answer) };
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('POST', path, { body, headers });
  }

  put(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('PUT', path, { body, headers });
  }
}

function parsed(text: string): AnswerBody {
  try {
    return JSON.parse(text) as AnswerBody;
  } catch {
    return { text };
  }
}
