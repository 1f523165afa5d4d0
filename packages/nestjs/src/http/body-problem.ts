import { problem, type Problem } from './problem.js';

/** What body parsers and routers report, by their `type`; their own words may repeat the body. */
const BY_TYPE: Readonly<Record<string, Problem>> = {
  'entity.parse.failed': problem(400, 'body.malformed', 'The body cannot be read as its content type says.'),
  'querystring.parse.rangeError': problem(400, 'body.malformed', 'The body is nested too deep.'),
  'request.aborted': problem(400, 'body.incomplete', 'The body ended too early.'),
  'request.size.invalid': problem(400, 'body.incomplete', 'The body has not the length that was announced.'),
  'entity.too.large': problem(413, 'body.too-large', 'The body is larger than this server takes.'),
  'parameters.too.many': problem(413, 'body.too-large', 'The body has more fields than this server takes.'),
  'encoding.unsupported': problem(415, 'body.unsupported', 'The content encoding of the body is not supported.'),
  'charset.unsupported': problem(415, 'body.unsupported', 'The character set of the body is not supported.'),
};

const URI_MALFORMED = problem(400, 'uri.malformed', 'The path is not percent-encoded properly.');
const DECODING = /^Failed to decode param|^URI malformed/;
const SYNTAX = /\bJSON\b|^Unexpected |^Expected /;

/** What to answer where the request could not even be read. Nest 12 keeps the platform's error as the cause; Nest 11 keeps its message only. */
export function unreadableRequestProblem(error: unknown, request: object): Problem | undefined {
  for (const candidate of [error, (error as { cause?: unknown } | null | undefined)?.cause]) {
    if (typeof candidate !== 'object' || candidate === null) continue;
    const { type, status } = candidate as { type?: unknown; status?: unknown };
    // A status says that it came from reading the request: an own bug of that class has none.
    if (candidate instanceof URIError && status === 400) return URI_MALFORMED;
    if (typeof type === 'string' && typeof status === 'number' && Object.hasOwn(BY_TYPE, type)) return BY_TYPE[type];
  }
  return byMessage(error, request);
}

function byMessage(error: unknown, request: object): Problem | undefined {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (name !== 'BadRequestException' || typeof message !== 'string') return undefined;
  if (DECODING.test(message)) return URI_MALFORMED;
  const unread = (request as { body?: unknown }).body === undefined;
  return unread && SYNTAX.test(message) ? BY_TYPE['entity.parse.failed'] : undefined;
}
