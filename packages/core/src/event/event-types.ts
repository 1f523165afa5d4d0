import type { Ctor, Data, Type } from '../data/type.js';
import { ConfigurationError } from '../error/configuration.error.js';
import { InvalidEvent } from '../error/store.errors.js';
import { eventDefinitionOf, findEventDefinition, undecorated, type EventDefinition } from './domain-event.decorator.js';
import { isReadable, type NewEvent, type StoredEvent } from './event.js';
import { insistOnCheck, insistOnFit } from './arrival.js';
import { asInstanceOf } from './instance.js';
import { plainEventData } from './plain-data.js';
import { chainProblems, upcast } from './upcaster-chain.js';
import { upcasterLinksOf, type UpcasterLink } from './upcaster.js';

/** What a catalogue can say of a stored event: `newer` was written by a build that knows a later schema. */
export type EventJudgement = 'known' | 'newer' | 'unknown';

interface Entry {
  readonly definition: EventDefinition;
  readonly links: ReadonlyMap<number, UpcasterLink>;
}

/**
 * The events that a build knows, by name. Made explicitly of classes: there is no process-wide registry.
 * @publicApi
 */
export class EventTypes {
  private constructor(private readonly entries: ReadonlyMap<string, Entry>) {}

  /**
   * Checks the classes and their upcasters. A class may be given more than once. Throws one `ConfigurationError` that
   * lists everything wrong: a class without `@DomainEvent`, two classes of one name, a reserved name, a version without upcaster.
   */
  static of(events: Iterable<Ctor<object>>): EventTypes {
    const entries = new Map<string, Entry>();
    const problems: string[] = [];
    for (const event of new Set(events)) {
      const definition = findEventDefinition(event);
      if (definition === undefined) {
        problems.push(undecorated(event));
        continue;
      }
      const twin = entries.get(definition.name);
      if (twin !== undefined) {
        problems.push(
          `${event.name} and ${twin.definition.event.name} are both named '${definition.name}': give one of them another name in @DomainEvent.`,
        );
        continue;
      }
      const links = upcasterLinksOf(event);
      problems.push(...definitionProblems(definition), ...chainProblems(definition, links));
      entries.set(definition.name, { definition, links: new Map(links.map((link) => [link.from, link])) });
    }
    if (problems.length > 0) throw ConfigurationError.of(problems);
    return new EventTypes(entries);
  }

  /** An event to be appended; its data is copied. Throws `InvalidEvent` for what storage would lose, `ConfigurationError` for a class that is not in the catalogue. */
  newEvent<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): NewEvent {
    const { name, version } = eventDefinitionOf(event);
    if (this.entries.get(name)?.definition.event !== event) {
      throw new ConfigurationError(
        `${event.name} is not among the known events: list it where the event types are registered.`,
      );
    }
    return { type: name, schema: version, data: plainEventData(name, data) };
  }

  /** Whether a name is that of an integration event: what comes under it may be anybody's. */
  isIntegration(type: string): boolean {
    return this.entries.get(type)?.definition.isIntegration === true;
  }

  /** Whether this build can read a stored event. */
  judge(type: string, schema: number): EventJudgement {
    const entry = this.entries.get(type);
    if (entry === undefined) return 'unknown';
    return schema > entry.definition.version ? 'newer' : 'known';
  }

  /**
   * A stored event as an instance of its class, in today's shape. Takes the stored data over: it gets the class's
   * prototype, and an upcaster may change it. Throws `InvalidEvent`, naming `id` (`<stream>:<version>`) when it is
   * given, for types and versions that are not known, for payloads that could not be decoded, and for what an upcaster or the `check` of an integration
   * event refuses; ask `judge` first.
   */
  revive(stored: StoredEvent, id?: string): object {
    const entry = this.entries.get(stored.type);
    if (entry === undefined || stored.schema > entry.definition.version) throw unreadable(stored, id);
    if (!isReadable(stored)) throw undecodable(stored, id);
    const { definition, links } = entry;
    if (definition.isIntegration === true) insistOnFit(stored, definition, id);
    const data = stored.schema === definition.version ? stored.data : upcast(definition, links, stored, id);
    const event = asInstanceOf(definition.event, data);
    insistOnCheck(stored, event, definition, id);
    return event;
  }

  definitions(): readonly EventDefinition[] {
    return [...this.entries.values()].map(({ definition }) => definition);
  }

  /** The class of a stored name; `undefined` when this build does not know it. */
  classOf(type: string): Type<object> | undefined {
    return this.entries.get(type)?.definition.event;
  }
}

function definitionProblems({ name, version, event }: EventDefinition): string[] {
  const problems: string[] = [];
  if (typeof name !== 'string' || name === '' || name.includes('\0'))
    problems.push(`${event.name} needs a name in @DomainEvent that is not empty.`);
  else if (name.startsWith('$'))
    problems.push(
      `${event.name} is named '${name}', but names beginning with '$' are the system's: use another name in @DomainEvent.`,
    );
  if (!Number.isSafeInteger(version) || version < 1)
    problems.push(`${event.name} has version ${version}: use a whole number from 1 in @DomainEvent.`);
  return problems;
}

function unreadable({ type, schema }: StoredEvent, id: string | undefined): InvalidEvent {
  return new InvalidEvent(
    `${id === undefined ? 'An event' : `Event '${id}'`} of type '${type}', version ${schema}, is not known to this build.`,
    {
      type,
      schema,
      ...(id !== undefined && { event: id }),
    },
  );
}

/** The error for an event whose payload is not there, or could not be decoded. */
export function undecodable({ type, ...stored }: StoredEvent, id: string | undefined): InvalidEvent {
  const reason = stored.undecodable ?? 'it is not there, or no object';
  const which = id === undefined ? 'An event' : `Event '${id}'`;
  return new InvalidEvent(`${which} of type '${type}' cannot be decoded: ${reason}`, {
    type,
    ...(id !== undefined && { event: id }),
  });
}
