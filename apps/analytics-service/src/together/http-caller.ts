/** What a service answered; the fields of the body are checked by who uses them. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** Calls a service as one user, or as nobody. */
export class HttpCaller {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  /** The same service for the user who logs in there. Throws where the service has no users of its own. */
  async login(email: string, password: string): Promise<HttpCaller> {
    const { status, body } = await this.post<{ token: string }>('/auth/token', { email, password });
    if (status !== 200) throw new Error(`${email} cannot log in at ${this.url} (${status}).`);
    return new HttpCaller(this.url, body.token);
  }

  /** Another service for the same user: all believe one issuer. */
  at(url: string): HttpCaller {
    return new HttpCaller(url, this.token);
  }

  get<T>(path: string): Promise<Answer<T>> {
    return this.send('GET', path);
  }

  post<T>(path: string, body: object = {}): Promise<Answer<T>> {
    return this.send('POST', path, body);
  }

  private async send<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, body: (await response.json()) as T, headers: response.headers };
  }
}
