import { InvalidMessage } from '@nestfold/core';

/** How deep JSON may be nested: validation recurses, so ten thousands of brackets would exhaust the stack. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);
const OBJECT = 0x7b;

/**
 * Looks at the bytes of a JSON body before they are parsed. Throws `InvalidMessage` unless it is an object, nested no deeper
 * than allowed. Whether it is JSON at all is left to the parser.
 */
export function checkJsonShape(body: Uint8Array): void {
  const first = body.find((byte) => !BLANK.has(byte));
  if (first !== undefined && first !== OBJECT) throw unfit('must be a JSON object');
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] ?? 0;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted && byte === BACKSLASH) index += 1;
    else if (!quoted && OPENING.has(byte)) depth += 1;
    else if (!quoted && CLOSING.has(byte)) depth -= 1;
    if (depth > MAX_JSON_DEPTH) throw unfit(`is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
}

function unfit(message: string): InvalidMessage {
  return new InvalidMessage('The body', [{ path: '', message: `the body ${message}` }]);
}
