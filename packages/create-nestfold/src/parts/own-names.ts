import { UsageError } from '../usage.error.js';
import { codeOf, type Stretch } from './source-text.js';

/** An import, as it stands in a source. */
export interface Import {
  /** What its names are in the source. */
  readonly names: readonly string[];
  /** Those of them that are types only. */
  readonly types: readonly string[];
  readonly from: string;
  /** What stands between its braces; undefined where it has none, or imports types alone. */
  readonly braces: Stretch | undefined;
  /** Where it ends in the source, its semicolon included. */
  readonly end: number;
}

const IMPORT =
  /^import\b(?<clause>[^'"`;=()]*?)(?<quote>['"])(?<from>[^'"\r\n]+)\k<quote>(?:[ \t]*with[ \t]*\{[^}]*\})?[ \t]*;?/gm;

/** What a source imports, in order. */
export function importsOf(text: string): readonly Import[] {
  const code = codeOf(text);
  return [...text.matchAll(IMPORT)]
    .filter(({ index }) => code[index] === 'i')
    .map(({ 0: all, index, groups: { clause = '', from = '' } = {} }) => {
      const [, inner = ''] = /\{([^}]*)\}/.exec(clause) ?? [];
      const start = index + all.indexOf('{') + 1;
      const others = clause.replace(/\{[^}]*\}/, '').replace(/\bfrom\s*$/, '');
      const isType = /^\s*type\b/.test(clause);
      const bindings = [...inner.split(','), ...others.replace(/^\s*type\s/, '').split(',')];
      const names = (all: readonly string[]) => all.map(localName).filter(Boolean);
      return {
        names: names(bindings),
        types: names(isType ? bindings : bindings.filter((one) => /^\s*type\s/.test(one))),
        from,
        braces: clause.includes('{') && !isType ? { start, end: start + inner.length } : undefined,
        end: index + all.length,
      };
    });
}

/** `B` of `type A as B`, and of `* as B`. */
function localName(binding: string): string {
  return (
    binding
      .trim()
      .replace(/^type\s+/, '')
      .split(/\s+as\s+/)
      .at(-1) ?? ''
  );
}

/** The classes that a source declares. */
export function classesOf(text: string): readonly string[] {
  return [...codeOf(text).matchAll(/^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(\w+)/gm)].map(
    ([, name = '']) => name,
  );
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
  // What a compiled decorator asks for.
  'Reflect',
  'String',
];

/** Throws `UsageError` where a new file would call two things by one name: what was asked for is called like what it is made of. */
export function requireOwnNames(text: string): void {
  const names = [
    ...OF_THE_LANGUAGE.map((name) => [name, 'JavaScript'] as const),
    ...importsOf(text).flatMap(({ names: all, from }) => all.map((name) => [name, from] as const)),
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
