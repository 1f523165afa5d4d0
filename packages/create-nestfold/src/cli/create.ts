import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Choice } from '../application/contexts.js';
import { ourPackages } from '../application/manifests.js';
import type { Names } from '../application/names.js';
import { planApplication } from '../application/plan.js';
import { applicationNames } from '../application/projects.js';
import { ownTemplate } from '../template/packed-template.js';
import { UsageError } from '../usage.error.js';
import { StagedTree } from '../workspace/staged-tree.js';
import { archivesIn } from './archives.js';
import { asOneWord, helpOf, textOf, typed, type Flag } from './options.js';
import { hasInstalled, ran, type Say } from './run.js';

const FLAGS: Readonly<Record<string, Flag>> = {
  contexts: { value: 'names', help: 'all, or orders with catalog or customers: orders,catalog. Default: all' },
  transport: {
    value: 'name',
    help: 'change-streams, or kafka: a service that is fed from a topic. Default: change-streams',
  },
  packages: { value: 'folder', help: 'archives made by npm pack, for packages that are not published' },
  'no-install': { help: 'write the files only' },
  yes: { help: 'ask nothing: what no flag says is as by default' },
  help: { help: 'show this' },
};

const USAGE = `Makes a Nestfold application from the tested sample shop.

  npm create nestfold <name> -- [flags]

${helpOf(FLAGS)}`;

/** What is known before a person is asked. */
export interface Known {
  readonly name?: string | undefined;
  readonly contexts?: string | undefined;
  readonly transport?: string | undefined;
  /** Throws `UsageError` for a name that will not do, or whose folder is taken. */
  readonly requireName: (name: string) => void;
}

/** What a person is asked for; the flags that were given are not asked again. Undefined where they give up. */
export type Ask = (known: Known) => Promise<Answers | undefined>;

/** What a person said, or the flags. */
export interface Answers {
  readonly name: string;
  readonly contexts: string;
  readonly transport: string;
}

/** What `create-nestfold` needs of its surroundings. */
export interface Surroundings {
  readonly folder: string;
  readonly say: Say;
  /** Missing where nobody can be asked. */
  readonly ask?: Ask | undefined;
}

/** `npm create nestfold`: the exit code. Throws `UsageError` before anything is written where something is wrong. */
export async function create(args: readonly string[], { folder, say, ask }: Surroundings): Promise<number> {
  const given = typed(args, FLAGS);
  if (given.values['help']) {
    say(USAGE);
    return 0;
  }
  if (given.words.length > 1)
    throw new UsageError(`One name is needed, not '${given.words.join(' ')}'.`, 'Put hyphens between its words.');
  const packages = textOf(given, 'packages');
  const known = { name: given.words[0], contexts: textOf(given, 'contexts'), transport: textOf(given, 'transport') };
  // What was said already is refused before a person is asked for the rest.
  if (known.name !== undefined) targetOf(folder, known.name);
  const archivesFor = (choice: Choice) =>
    packages === undefined ? undefined : archivesIn(resolve(folder, packages), ourPackages(choice));
  archivesFor(Choice.of(known.contexts ?? 'all', known.transport));
  const requireName = (name: string): void => void targetOf(folder, name);
  const answers = ask === undefined || given.values['yes'] ? known : await ask({ ...known, requireName });
  if (answers === undefined) return 130;
  if (answers.name === undefined)
    throw new UsageError('The application needs a name.', 'Say it first: npm create nestfold my-app');

  const { target, names } = targetOf(folder, answers.name);
  const choice = Choice.of(answers.contexts ?? 'all', answers.transport);
  const archives = archivesFor(choice);

  const tree = new StagedTree(target);
  for (const [path, text] of planApplication(ownTemplate(), { names, choice, archives: archives?.origins ?? {} }))
    tree.write(path, text);
  tree.commit();
  for (const { from, to } of archives?.copies ?? []) {
    mkdirSync(join(target, dirname(to)), { recursive: true });
    copyFileSync(from, join(target, to));
  }
  say(`${names.kebab}: ${tree.changes().length} files, with ${choice.describe()}.`);
  const isInstalled = !given.values['no-install'];
  if (isInstalled && !install(target, say)) return 1;
  say(nextSteps(relative(folder, target), isInstalled, choice));
  return 0;
}

/** Installs, and lays the lines as long names have made them necessary. */
function install(target: string, say: Say): boolean {
  say('installing …');
  if (hasInstalled(target) && ran(target, 'npm', ['run', '--silent', 'format'])) return true;
  say(
    'The packages could not be installed: see above, then run `npm install && npm run format` there. Where they are not on npm, make it anew in another folder with `--packages <folder of their archives>`.',
  );
  return false;
}

/** The application's folder, which must be empty or still be made. */
function targetOf(folder: string, name: string): { readonly target: string; readonly names: Names } {
  const target = resolve(folder, name);
  // Of no name the folder itself would come.
  const names = applicationNames(name === '' ? '' : basename(target));
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0))
    throw new UsageError(
      `${target} is there already, and not empty: nothing is overwritten.`,
      'Take another name, or move what is there away.',
    );
  return { target, names };
}

function nextSteps(folder: string, isInstalled: boolean, { hasKafka }: Choice): string {
  const start = hasKafka ? 'npm run start:kafka' : 'npm start';
  const steps = [
    ...(folder === '' ? [] : [`cd ${asOneWord(folder)}`]),
    ...(isInstalled ? [] : ['npm install && npm run format']),
    start,
  ];
  return `\nNext:\n${steps.map((step) => `  ${step}`).join('\n')}`;
}
