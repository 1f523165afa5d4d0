import { namesOf } from '../application/names.js';
import { UsageError } from '../usage.error.js';
import { elementsOf, withElement, withImport, withMember } from './edit-source.js';
import type { Library } from './library.js';
import { bodyOf, codeOf, outermost } from './source-text.js';

/** What every object and every aggregate has. */
const INHERITED = [...Object.getOwnPropertyNames(Object.prototype), 'emit', 'require', 'state'];

/** Where the object begins that says what an aggregate is. */
const AGGREGATE = /@Aggregate\s*\([^{]*\{/;

/** The names of a class's members, and of what their first values call. */
function membersOf(text: string, className: string): readonly string[] {
  const code = codeOf(text);
  const body = bodyOf(code, className);
  if (body === undefined) return [];
  const flat = outermost(code.slice(body.start, body.end));
  return [...flat.matchAll(/(?<![@\w.])(\w+)\s*[?!]?\s*[(<:=;]/g)].map(([, name = '']) => name);
}

/** An aggregate's file, to which events and commands are added. */
export class AggregateFile {
  private readonly path: string;
  readonly className: string;
  readonly idField: string;
  readonly kebab: string;

  /** Throws `UsageError` where the library has no such aggregate. */
  constructor(
    private readonly library: Library,
    name: string,
  ) {
    const { kebab, camel, pascal } = namesOf('an aggregate', name);
    this.kebab = kebab;
    this.className = pascal;
    this.idField = `${camel}Id`;
    this.path = `domain/${kebab}.aggregate.ts`;
    if (this.library.read(this.path) === undefined) {
      const suffix = '.aggregate.ts';
      const known = library.children('domain').filter((one) => one.endsWith(suffix));
      const names = known.map((one) => one.slice(0, -suffix.length)).join(', ');
      throw new UsageError(
        `There is no aggregate '${kebab}' in libs/${library.name}/src/domain.`,
        `${known.length > 0 ? `There is ${names}. ` : ''}Make it first: nestfold generate aggregate ${kebab} --context ${library.name}`,
      );
    }
  }

  /** Lets the aggregate emit an event. */
  addEvent(className: string, from: string): void {
    const text = this.text();
    const changed = withElement(text, AGGREGATE, 'events', className);
    if (changed === undefined) throw this.unexpected('events: […] in one @Aggregate');
    this.library.update(this.path, withImport(changed, className, from));
  }

  /** Adds a method that handles a command by emitting an event. Throws `UsageError` where the aggregate has a member of that name, or not the event. */
  addHandler(command: string, from: string, method: string, event: string, eventFrom: string): void {
    if (INHERITED.includes(method) || membersOf(this.text(), this.className).includes(method))
      throw new UsageError(`${this.className} has a member '${method}' already.`, 'Take another name.');
    const events = elementsOf(this.text(), AGGREGATE, 'events') ?? [];
    if (!events.some((one) => one === event || one.startsWith('...')))
      throw new UsageError(
        `${this.className} does not name ${event} among its events.`,
        'Let the command emit an event of the aggregate, or a new one.',
      );
    const member = `  @Handle(${command}, { id: '${this.idField}' })
  ${method}({ ${this.idField} }: ${command}): void {
    this.emit(${event}, { ${this.idField} });
  }`;
    const changed = withMember(this.text(), this.className, member);
    if (changed === undefined) throw this.unexpected(`class ${this.className}`);
    const imports = [
      ['Handle', '@nestfold/core'],
      [command, from],
      [event, eventFrom],
    ] as const;
    const text = imports.reduce((all, [name, place]) => withImport(all, name, place), changed);
    this.library.update(this.path, text);
  }

  private text(): string {
    return this.library.read(this.path) ?? '';
  }

  private unexpected(missing: string): UsageError {
    return new UsageError(`${this.path} does not look as expected: it has no ${missing}.`, 'Add the part by hand.');
  }
}
