import { UsageError } from '../usage.error.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const MOST = 30;
/** Names that mean something wherever they stand, and to whom. */
const KEPT: readonly (readonly [names: RegExp, owner: string])[] = [
  // With any ending: nobody could check such files out on Windows.
  [/^(con|prn|aux|nul|(com|lpt)\d)$/, 'Windows'],
  // Methods are named like what they are about. The one is none, and an object with the other is taken for a promise.
  [/^(constructor|then)$/, 'JavaScript'],
  // Git, lint and tests leave out folders of this name.
  [/^dist$/, 'the build'],
];

/** The forms of a name that is written with hyphens. */
export interface Names {
  /** `corner-shop`. */
  readonly kebab: string;
  /** `cornerShop`. */
  readonly camel: string;
  /** `CornerShop`. */
  readonly pascal: string;
  /** `corner_shop`. */
  readonly snake: string;
  /** `corner shop`. */
  readonly words: string;
}

/** The forms of a name. Throws `UsageError` for one that could not be a folder, a package and a class at once. */
export function namesOf(what: string, name: string): Names {
  if (!NAME.test(name) || name.length > MOST)
    throw new UsageError(
      `'${name}' cannot be the name of ${what}.`,
      `Take 1 to ${MOST} small letters, digits and single hyphens, a letter first: ${suggested(name)}.`,
    );
  const [, owner] = KEPT.find(([names]) => names.test(name)) ?? [];
  if (owner !== undefined)
    throw new UsageError(
      `'${name}' cannot be the name of ${what}: ${owner} keeps it for something of its own.`,
      'Take another name.',
    );
  const parts = name.split('-');
  const pascal = parts.map((part) => part[0]?.toUpperCase() + part.slice(1)).join('');
  return {
    kebab: name,
    camel: `${pascal[0]?.toLowerCase()}${pascal.slice(1)}`,
    pascal,
    snake: parts.join('_'),
    words: parts.join(' '),
  };
}

/** What might have been meant. */
function suggested(name: string): string {
  const plain = name
    // Letters without their accents, where they have some.
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, MOST)
    .replace(/-+$/, '');
  return plain === '' ? 'such as corner-shop' : plain;
}
