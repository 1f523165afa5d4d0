const NO_CODE = /\/\/[^\r\n]*|\/\*[^]*?\*\/|'(?:[^'\\\r\n]|\\[^])*'|"(?:[^"\\\r\n]|\\[^])*"|`(?:[^`\\]|\\[^])*`/g;

/** Where something begins in a text, and where it ends. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A source with its comments and texts blanked, each as long as it was: what is found there is code, and stands at the same place in the source. */
export function codeOf(text: string): string {
  return text.replaceAll(NO_CODE, blanked);
}

/** What stands between brackets, of which the first is open right before `start`; undefined where they do not close. */
export function betweenBrackets(code: string, start: number): Stretch | undefined {
  let depth = 1;
  for (const { 0: bracket, index } of code.slice(start).matchAll(/[[({})\]]/g)) {
    depth += '[({'.includes(bracket) ? 1 : -1;
    if (depth === 0) return { start, end: start + index };
  }
  return undefined;
}

/** Code with all that stands in brackets within it blanked, the brackets themselves kept. */
export function outermost(code: string): string {
  let flat = code;
  for (const { index } of code.matchAll(/[[({]/g)) {
    // Blanked with what is around it.
    if (flat[index] === ' ') continue;
    const inner = betweenBrackets(code, index + 1);
    if (inner === undefined) break;
    const { start, end } = inner;
    flat = flat.slice(0, start) + blanked(flat.slice(start, end)) + flat.slice(end);
  }
  return flat;
}

/** What stands between the braces of a class; undefined where the source has no such class. */
export function bodyOf(code: string, className: string): Stretch | undefined {
  const found = new RegExp(`\\bclass\\s+${className}\\b`).exec(code);
  if (found === null) return undefined;
  // What it extends may be a type with braces of its own.
  const opening = /^(?:[^{<]|<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>)*\{/.exec(code.slice(found.index));
  return opening === null ? undefined : betweenBrackets(code, found.index + opening[0].length);
}

function blanked(text: string): string {
  return text.replaceAll(/[^\r\n]/g, ' ');
}
