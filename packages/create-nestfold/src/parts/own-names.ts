import { UsageError } from '../usage.error.js';

/** The names that a source imports, with where each comes from. */
export function importsOf(text: string): readonly (readonly [name: string, from: string])[] {
  return [...text.matchAll(/^import (?:type )?\{([^}]*)\} from '([^']+)';/gm)].flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map(
        (one) =>
          one
            .trim()
            .replace(/^type /, '')
            .split(' as ')
            .at(-1) ?? '',
      )
      .filter((one) => one !== '')
      .map((one) => [one, from] as const),
  );
}

/** The classes that a source declares. */
export function classesOf(text: string): readonly string[] {
  return [...text.matchAll(/^(?:export )?(?:abstract )?class (\w+)/gm)].map(([, name = '']) => name);
}

/** What the sources use of the language itself, and what decorators note of a field's type. */
const OF_THE_LANGUAGE = [
  'Array',
  'Boolean',
  'Date',
  'Error',
  'Function',
  'Map',
  'Number',
  'Object',
  'Promise',
  'String',
];

/** Throws `UsageError` where a new file would call two things by one name: what was asked for is called like what it is made of. */
export function requireOwnNames(text: string): void {
  const names = [
    ...OF_THE_LANGUAGE.map((name) => [name, 'JavaScript'] as const),
    ...importsOf(text),
    ...classesOf(text).map((name) => [name, 'the file itself'] as const),
  ];
  names.forEach(([name], index) => {
    const [, from] = names.slice(0, index).find(([other]) => other === name) ?? [];
    if (from !== undefined) throw taken(name, from);
  });
}

/** The refusal of a name that means something else already. */
export function taken(name: string, from: string): UsageError {
  return new UsageError(`${name} is what ${from} calls something of its own already.`, 'Take another name.');
}
