import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Choice } from '../application/contexts.js';
import { namesOf } from '../application/names.js';
import { planApplication } from '../application/plan.js';
import { ownTemplate } from '../template/packed-template.js';
import { UsageError } from '../usage.error.js';
import { StagedTree } from '../workspace/staged-tree.js';
import { archivesIn } from './archives.js';
import { helpOf, textOf, typed, type Flag } from './options.js';
import { ran, type Say } from './run.js';

const FLAGS: Readonly<Record<string, Flag>> = {
  contexts: { value: 'names', help: 'all, or orders with catalog or customers: orders,catalog. Default: all' },
  packages: { value: 'folder', help: 'archives made by npm pack, for packages that are not published' },
  'no-install': { help: 'write the files only' },
  yes: { help: 'ask nothing: what no flag says is as by default' },
  help: { help: 'show this' },
};

const USAGE = `Makes a Nestfold application from the tested sample shop.

  npm create nestfold <name> -- [flags]

${helpOf(FLAGS)}`;

/** What a person is asked for; the flags that were given are not asked again. Undefined where they give up. */
export type Ask = (known: {
  readonly name?: string | undefined;
  readonly contexts?: string | undefined;
}) => Promise<{ readonly name: string; readonly contexts: string } | undefined>;

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
  const known = { name: given.words[0], contexts: textOf(given, 'contexts') };
  const answers = ask === undefined || given.values['yes'] ? known : await ask(known);
  if (answers === undefined) return 130;
  if (answers.name === undefined)
    throw new UsageError('The application needs a name.', 'Say it first: npm create nestfold my-app');

  const target = resolve(folder, answers.name);
  const names = namesOf('an application', basename(target));
  const choice = Choice.of(answers.contexts ?? 'all');
  requireEmpty(target);
  const packages = textOf(given, 'packages');
  const archives = packages === undefined ? undefined : archivesIn(resolve(folder, packages));

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
  say(nextSteps(relative(folder, target), isInstalled));
  return 0;
}

/** Installs, and lays the lines as long names have made them necessary. */
function install(target: string, say: Say): boolean {
  say('installing …');
  if (!ran(target, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error'])) {
    say('The packages could not be installed: see above, then run `npm install && npm run format` there.');
    return false;
  }
  return ran(target, 'npm', ['run', '--silent', 'format']);
}

function requireEmpty(target: string): void {
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new UsageError(
      `${target} is there already, and not empty: nothing is overwritten.`,
      'Take another name, or move what is there away.',
    );
}

function nextSteps(folder: string, isInstalled: boolean): string {
  const steps = [`cd ${folder}`, ...(isInstalled ? [] : ['npm install && npm run format']), 'npm start'];
  return `\nNext:\n${steps.map((step) => `  ${step}`).join('\n')}`;
}
