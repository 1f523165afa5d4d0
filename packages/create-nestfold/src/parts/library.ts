import { namesOf } from '../application/names.js';
import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import { readJson } from '../workspace/read-json.js';
import { withElement, withImport } from './edit-source.js';
import { requireOwnNames, taken } from './own-names.js';
import { requireFreeClasses, requireFreeNames } from './stored-names.js';

/** What contexts share, and what stands in for contexts: no parts are added there. */
export const NO_CONTEXTS = ['contracts', 'platform', 'stand-ins'];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A bounded context in `libs`, to which parts are added. */
export class Library {
  readonly source: string;
  readonly module: string;

  private constructor(
    private readonly tree: FileTree,
    /** Its folder's name. */
    readonly name: string,
  ) {
    this.source = `libs/${name}/src`;
    this.module = `${this.source}/${name}.module.ts`;
  }

  /** Throws `UsageError` where there is no such context, naming those that there are. */
  static find(tree: FileTree, name: string | undefined): Library {
    const contexts = tree
      .children('libs')
      .filter((one) => !NO_CONTEXTS.includes(one) && tree.exists(`libs/${one}/src/${one}.module.ts`));
    const remedy =
      contexts.length > 0
        ? `Say --context with one of ${contexts.join(', ')}, or make one: nestfold generate context <name>.`
        : 'Run it in the root of an application that create-nestfold made, and make a context first: nestfold generate context <name>.';
    const wanted = name ?? (contexts.length === 1 ? contexts[0] : undefined);
    if (wanted === undefined) throw new UsageError('It is not said which context the part belongs to.', remedy);
    if (!contexts.includes(wanted)) throw new UsageError(`There is no context '${wanted}' in libs.`, remedy);
    return new Library(tree, wanted);
  }

  /** `@corner-shop`, from the library's own name. */
  get scope(): string {
    const { name } = readJson<{ readonly name: string }>(this.tree, `libs/${this.name}/package.json`);
    return name.split('/')[0] ?? '';
  }

  /** Makes a new file. Throws `UsageError` where it is there already, or where a name in it means two things. */
  create(path: string, text: string): void {
    const target = `${this.source}/${path}`;
    if (this.tree.exists(target))
      throw new UsageError(`${target} is there already: nothing is overwritten.`, 'Take another name.');
    requireOwnNames(text);
    if (!path.endsWith('.spec.ts')) {
      requireFreeNames(this.tree, text);
      requireFreeClasses(this.tree, this.source, text);
    }
    this.tree.write(target, text);
  }

  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined {
    const target = `${this.source}/${path}`;
    return this.tree.exists(target) ? this.tree.read(target) : undefined;
  }

  /** Changes a file that is there. */
  update(path: string, text: string): void {
    this.tree.write(`${this.source}/${path}`, text);
  }

  /** Names of files beneath a folder of the library. */
  children(folder: string): readonly string[] {
    return this.tree.children(`${this.source}/${folder}`);
  }

  /** Adds a class to the module: what it provides, or what it registers with Nestfold. */
  register(list: 'providers' | 'aggregates' | 'readModels', name: string, path: string, element = name): void {
    const [opening, words] =
      list === 'providers'
        ? [/@Module\s*\(\s*\{/, '@Module({ … })']
        : [/\bNestfoldModule\s*\.\s*forFeature\s*\(\s*\{/, 'NestfoldModule.forFeature({ … })'];
    const changed = withElement(this.tree.read(this.module), opening, list, element);
    if (changed === undefined)
      throw new UsageError(
        `${this.module} does not look as expected: it has no ${list}: […], as an array of its own, in one ${words}.`,
        'Give it one, which can be empty.',
      );
    this.tree.write(this.module, withImport(changed, name, `./${path}`));
  }

  /** Lets the module's file name a class. */
  importInto(name: string, path: string): void {
    this.tree.write(this.module, withImport(this.tree.read(this.module), name, `./${path}`));
  }

  /** Adds a class to what other parts of the application may use. */
  publish(name: string, path: string): void {
    const index = this.read('index.ts');
    if (index === undefined) return;
    const [, from] =
      new RegExp(`^export\\s*\\{[^}]*\\b${name}\\b[^}]*\\}\\s*from\\s*['"]([^'"]+)`, 'm').exec(index) ?? [];
    if (from === `./${path}`) return;
    if (from !== undefined) throw taken(name, from);
    const end = index === '' || index.endsWith('\n') ? '' : '\n';
    this.update('index.ts', `${index}${end}export { ${name} } from './${path}';\n`);
  }

  /** Lets the library use a package of the application, in its version. Throws `UsageError`, with the remedy, where the application has none. */
  require(name: string, remedy: string): void {
    const path = `libs/${this.name}/package.json`;
    const own = readJson<Manifest>(this.tree, path);
    if (own.dependencies?.[name] !== undefined) return;
    const projects = ['libs', 'apps'].flatMap((parent) => this.tree.children(parent).map((one) => `${parent}/${one}`));
    const [version] = projects
      .map((project) => `${project}/package.json`)
      .flatMap((one) => (this.tree.exists(one) ? [readJson<Manifest>(this.tree, one)] : []))
      .flatMap(({ dependencies }) => dependencies?.[name] ?? []);
    if (version === undefined) throw new UsageError(`The application does not use ${name}.`, remedy);
    const dependencies = Object.entries({ ...own.dependencies, [name]: version }).toSorted(([left], [right]) =>
      left < right ? -1 : 1,
    );
    this.tree.write(
      path,
      `${JSON.stringify({ ...own, dependencies: Object.fromEntries(dependencies) }, undefined, 2)}\n`,
    );
  }

  /** How commands and queries check an id: as the workspace's own contracts do, else by class-validator alone. */
  idRule(): { readonly rule: string; readonly imported: string } {
    const contracts = 'libs/contracts/src/index.ts';
    return this.tree.exists(contracts) && /\bIsId\b/.test(this.tree.read(contracts))
      ? { rule: '@IsId()', imported: `import { IsId } from '${this.scope}/contracts';` }
      : { rule: '@IsString() @IsNotEmpty()', imported: "import { IsNotEmpty, IsString } from 'class-validator';" };
  }
}

/** The names of something that another part is named after. */
export function referred(what: string, flag: string, value: string | undefined) {
  if (value === undefined) throw new UsageError(`It is not said which ${what}.`, `Say --${flag} <name>.`);
  return namesOf(`${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`, value);
}
