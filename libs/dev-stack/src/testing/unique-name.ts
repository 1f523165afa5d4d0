import { randomBytes } from 'node:crypto';

/** A name that no other test has, of a readable one: lower case, with `joint` for everything else. @internal */
export function uniqueName(name: string, joint: '_' | '-'): string {
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, joint)
    .slice(0, 40);
  return `${readable}${joint}${randomBytes(6).toString('hex')}`;
}
