const MAX_LENGTH = 200;
const CONTROL = /\p{Cc}/u;

/** Why a text is no fit key or correlation id; `undefined` when it is one. */
export function keyProblem(key: unknown): string | undefined {
  if (typeof key !== 'string' || key === '') return 'must be a text that is not empty';
  if (key.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  return CONTROL.test(key) ? 'must not hold control characters' : undefined;
}
