/** What the shop answered; `status` 0 means that no answer came. */
export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** The fields that tests look at; the rest by name. */
export type AnswerBody = Readonly<Record<string, unknown>> & {
  readonly id?: string;
  readonly version?: number;
  readonly code?: string;
};

/** The parts of a request. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The `Idempotency-Key`. */
  readonly key?: string;
  /** The `x-correlation-id`: it stands in the commits of the request. */
  readonly correlationId?: string;
}

/** Talks to a shop as one user. It may be pointed at another process of the same shop. */
export class ShopClient {
  private constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** Logs in with the development issuer. */
  static async login(url: string, user: string): Promise<ShopClient> {
    const { status, body } = await new ShopClient(url, '').send({
      method: 'POST',
      path: '/auth/token',
      body: { email: `${user}@shop.test`, password: user },
    });
    if (typeof body['token'] !== 'string') throw new Error(`No token for ${user}: ${status}`);
    return new ShopClient(url, body['token']);
  }

  at(url: string): ShopClient {
    return new ShopClient(url, this.token);
  }

  get(path: string): Promise<Answer> {
    return this.send({ method: 'GET', path });
  }

  post(path: string, body: unknown, key?: string): Promise<Answer> {
    return this.send({ method: 'POST', path, body, ...(key !== undefined && { key }) });
  }

  /** Never throws: a connection that ends or a `signal` that aborts gives status 0. */
  async send(
    { method, path, body, key, correlationId }: Request,
    signal = AbortSignal.timeout(20_000),
  ): Promise<Answer> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal,
      });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as AnswerBody };
    } catch {
      return { status: 0, body: {} };
    }
  }
}
