import { ConfigurationError } from '../error/configuration.error.js';
import { InvalidMessage } from '../error/domain-rejection.error.js';

declare const STREAM: unique symbol;

/** The name of a stream, `<category>-<id>`; a category holds no `-`, so the first one ends it. */
export type StreamName = string & { readonly [STREAM]?: true };

const MAX_ID = 512;
const UNFIT = /[\p{Cc}\p{Surrogate}]/u;
const CATEGORY = /^[A-Za-z$][A-Za-z0-9_.$]*$/;

/** Why a text is no stream category, with the remedy; `undefined` when it is one. */
export function categoryProblem(category: string): string | undefined {
  if (CATEGORY.test(category)) return undefined;
  return `'${category}' is no stream category: use letters, digits, '_' and '.', starting with a letter, and no '-'.`;
}

/**
 * Names the stream of one aggregate. Throws `ConfigurationError` when the category is unfit, and `InvalidMessage` when
 * the id is: empty, longer than 512 characters, or with control characters or half a surrogate pair (two such ids would be stored as one).
 */
export function streamName(category: string, id: string): StreamName {
  const problem = categoryProblem(category);
  if (problem !== undefined) throw new ConfigurationError(problem);
  const fault = idFault(id);
  if (fault !== undefined) throw new InvalidMessage(`The id of '${category}'`, [{ path: 'id', message: fault }]);
  return `${category}-${id}`;
}

function idFault(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'must be a text that is not empty';
  if (id.length > MAX_ID) return `must have at most ${MAX_ID} characters`;
  return UNFIT.test(id) ? 'must not hold control characters or half a surrogate pair' : undefined;
}

/** The category of a stream: what stands before the first `-`. */
export function categoryOf(stream: StreamName): string {
  const end = stream.indexOf('-');
  return end < 0 ? stream : stream.slice(0, end);
}

/** The aggregate's id in a stream's name: what stands after the first `-`. */
export function idOf(stream: StreamName): string {
  return stream.slice(stream.indexOf('-') + 1);
}
