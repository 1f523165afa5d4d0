import { namesOf } from '../application/names.js';
import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import type { Library } from './library.js';
import { sourcesIn } from './stored-names.js';

/** An event's class, as far as other parts need to know it. */
export interface KnownEvent {
  readonly className: string;
  /** From where a file of the library imports it, which lies so many folders below `src`. */
  importFrom(depth: number): string;
  /** The field that names what it is about; undefined where none ends in `Id`. */
  readonly idField: string | undefined;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** The events of a library and of the contracts that it shares. Throws `UsageError` for one that is not there. */
export function knownEvent(tree: FileTree, library: Library, name: string): KnownEvent {
  const { pascal } = namesOf('an event', name);
  const own = find(tree, library.source, pascal);
  if (own !== undefined) {
    const inside = own.path.slice(library.source.length + 1).replace(/\.ts$/, '.js');
    return { ...own, importFrom: (depth) => `${depth === 0 ? './' : '../'.repeat(depth)}${inside}` };
  }
  const shared = find(tree, 'libs/contracts/src', pascal);
  if (shared !== undefined) return { ...shared, importFrom: () => `${library.scope}/contracts` };
  throw new UsageError(
    `There is no event ${pascal} in libs/${library.name} or libs/contracts.`,
    `Make it first: nestfold generate event ${name} --context ${library.name} --aggregate <name>. Events of other contexts are shared in libs/contracts.`,
  );
}

function find(tree: FileTree, folder: string, className: string) {
  for (const path of sourcesIn(tree, folder)) {
    const [, body] =
      new RegExp(`@DomainEvent\\([^)]*\\)\\s*export class ${className} \\{([^]*?)\\n\\}`).exec(tree.read(path)) ?? [];
    if (body === undefined) continue;
    const fields = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[!?]?: ([^;]+);/gm)].map(([, name = '', type = '']) => ({
      name,
      type,
    }));
    return { path, className, fields, idField: fields.find(({ name }) => name.endsWith('Id'))?.name };
  }
  return undefined;
}

/** Data of an event for a test; with what the type lacks said to be there where fields are more than plain values. */
export function sampleOf({ className, fields, idField }: KnownEvent, id: string): { text: string; isPartial: boolean } {
  const plain: Readonly<Record<string, string>> = { string: "'some text'", number: '1', boolean: 'true' };
  const values = fields.flatMap(({ name, type }) =>
    name === idField ? [`${name}: '${id}'`] : plain[type] === undefined ? [] : [`${name}: ${plain[type]}`],
  );
  const isPartial = values.length < fields.length;
  return { text: `{ ${values.join(', ')} }${isPartial ? ` as Data<${className}>` : ''}`, isPartial };
}
