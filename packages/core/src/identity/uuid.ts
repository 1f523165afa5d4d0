import { createHash } from 'node:crypto';

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID of any version, in the usual form. */
export function isUuid(text: string): boolean {
  return FORM.test(text);
}

/** The UUID of version 5 (RFC 9562) that a name has in a namespace: the same at each call. Throws `RangeError` when the namespace is no UUID. */
export function uuidV5(namespace: string, name: string): string {
  if (!isUuid(namespace)) throw new RangeError(`'${namespace}' is no UUID, so it is no namespace for ids.`);
  const space = Uint8Array.from(Buffer.from(namespace.replaceAll('-', ''), 'hex'));
  const hash = createHash('sha1').update(space).update(name, 'utf8').digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
