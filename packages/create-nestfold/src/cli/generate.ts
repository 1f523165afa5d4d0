import { namesOf } from '../application/names.js';
import { PART_KINDS, PARTS, type PartKind } from '../parts/parts.js';
import { UsageError } from '../usage.error.js';
import type { Change } from '../workspace/file-tree.js';
import { formatted } from '../workspace/format.js';
import { StagedTree } from '../workspace/staged-tree.js';
import { helpOf, textOf, typed, type Flag } from './options.js';
import { hasInstalled, type Say } from './run.js';

const DRY: Readonly<Record<string, Flag>> = {
  'dry-run': { help: 'say what would be written, and write nothing' },
};
/** A new library is found by its name only once npm has linked it. */
const OF_CONTEXTS: Readonly<Record<string, Flag>> = {
  'no-install': { help: 'leave it to you to run `npm install`, which links the library' },
};
const USAGE = `Adds parts to an application, in its root.

  nestfold generate <kind> <name> [flags]

${PART_KINDS.map((kind) => `  ${kind.padEnd(15)} ${PARTS[kind].help}`).join('\n')}

The flags of a kind: nestfold generate <kind> --help`;

/** What `nestfold` needs of its surroundings. */
export interface GenerateSurroundings {
  readonly folder: string;
  readonly say: Say;
}

/** `nestfold generate`: the exit code. Throws `UsageError`, with nothing written, where something is wrong. */
export async function generate(args: readonly string[], { folder, say }: GenerateSurroundings): Promise<number> {
  const [command, kind, ...rest] = args;
  if (command === undefined || command === '--help' || kind === undefined || kind === '--help') {
    say(USAGE);
    return command === undefined ? 2 : 0;
  }
  if (command !== 'generate' && command !== 'g')
    throw new UsageError(`There is no command '${command}'.`, 'There is one: nestfold generate <kind> <name>');
  if (!isKind(kind))
    throw new UsageError(`There is no kind of part '${kind}'.`, `The kinds are ${PART_KINDS.join(', ')}.`);
  const part = PARTS[kind];
  const flags: Readonly<Record<string, Flag>> = {
    ...part.flags,
    ...DRY,
    ...(kind === 'context' && OF_CONTEXTS),
    help: { help: 'show this' },
  };
  const given = typed(rest, flags);
  if (given.values['help']) {
    say(`nestfold generate ${kind} <name>: ${part.help}\n\n${helpOf(flags)}`);
    return 0;
  }
  const [name, ...more] = given.words;
  if (name === undefined || more.length > 0)
    throw new UsageError(`A part needs one name, not ${given.words.length}.`, `nestfold generate ${kind} <name>`);

  const tree = new StagedTree(folder);
  const options = Object.fromEntries(Object.keys(part.flags).map((flag) => [flag, textOf(given, flag)]));
  part.generate(tree, namesOf(`a part (${kind})`, name), options);
  const changes = await laid(folder, tree.changes());
  for (const { kind: what, path } of changes) say(`${what.padEnd(6)} ${path}`);
  if (given.values['dry-run']) {
    say('Nothing was written: --dry-run.');
    return 0;
  }
  tree.commit(changes);
  if (kind !== 'context' || given.values['no-install']) return 0;
  if (hasInstalled(folder)) return 0;
  say('The library is written, and could not be linked: see above, then run `npm install`.');
  return 1;
}

async function laid(folder: string, changes: readonly Change[]): Promise<readonly Change[]> {
  return Promise.all(
    changes.map(async (change) => ({ ...change, text: await formatted(folder, change.path, change.text) })),
  );
}

function isKind(kind: string): kind is PartKind {
  return PART_KINDS.some((one) => one === kind);
}
