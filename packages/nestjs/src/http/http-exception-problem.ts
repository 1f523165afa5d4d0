import { problem, type Problem } from './problem.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'bad-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request.timeout',
  409: 'conflict',
  410: 'gone',
  412: 'precondition-failed',
  413: 'body.too-large',
  415: 'body.unsupported',
  422: 'unprocessable',
  428: 'precondition-required',
  429: 'rate-limited',
  500: 'internal',
  501: 'not-implemented',
  502: 'bad-gateway',
  503: 'unavailable',
  504: 'gateway-timeout',
};

interface HttpExceptionLike {
  readonly message: string;
  getStatus(): number;
  getResponse(): unknown;
}

/** What to answer for an exception of Nest's, or an error that bears a status and may be shown (`http-errors`). */
export function httpExceptionProblem(error: unknown): Problem | undefined {
  if (isHttpException(error)) return fromException(error);
  if (!(error instanceof Error)) return undefined;
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  if (typeof status !== 'number' || expose !== true || status < 400 || status > 499) return undefined;
  return problem(status, codeOf(status), error.message);
}

/** Not by class: an application may hold two copies of @nestjs/common. */
function isHttpException(error: unknown): error is HttpExceptionLike {
  const { getStatus, getResponse } = (error ?? {}) as Partial<HttpExceptionLike>;
  return error instanceof Error && typeof getStatus === 'function' && typeof getResponse === 'function';
}

function fromException(exception: HttpExceptionLike): Problem | undefined {
  const status = exception.getStatus();
  if (status === 500) return undefined;
  const response = exception.getResponse();
  const { message, code } = (typeof response === 'object' && response !== null ? response : { message: response }) as {
    message?: unknown;
    code?: unknown;
  };
  const more = status === 503 ? { retryAfter: 5 } : {};
  // An application's own exception may bring a code of its own.
  const stable = typeof code === 'string' ? code : codeOf(status);
  if (!Array.isArray(message))
    return problem(status, stable, typeof message === 'string' ? message : exception.message, more);
  // Nest's ValidationPipe: a list of sentences.
  const errors = message.map((one) => ({ path: '', message: String(one) }));
  return problem(
    status,
    status === 400 && code === undefined ? 'message.invalid' : stable,
    'The request is invalid: see errors.',
    { ...more, errors },
  );
}

function codeOf(status: number): string {
  return CODES[status] ?? `http.${status}`;
}
