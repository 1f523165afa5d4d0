import { UsageError } from '../usage.error.js';
import { transportOf, type Transport } from './transports.js';

/** The sample's bounded contexts. */
export const CONTEXTS = ['catalog', 'customers', 'orders'] as const;

/** One of the sample's bounded contexts. */
export type Context = (typeof CONTEXTS)[number];

/** What an application is made with. Without a context that orders learn from, its stand-in comes along. */
export class Choice {
  private constructor(
    readonly contexts: readonly Context[],
    readonly transport: Transport,
  ) {}

  /**
   * Contexts: `all`, or names with commas between; a transport, by default change streams. Throws `UsageError` for other words, and where the
   * orders are missing.
   */
  static of(words: string, transport = 'change-streams'): Choice {
    const names = words.split(',').map((word) => word.trim());
    const unknown = names.filter((name) => name !== 'all' && !CONTEXTS.some((context) => context === name));
    const remedy = `Say --contexts all, --contexts orders, or orders with one of catalog and customers: --contexts orders,catalog.`;
    if (unknown.length > 0)
      throw new UsageError(`There is no context '${unknown.join("', '")}' in the sample.`, remedy);
    const contexts = CONTEXTS.filter((context) => names.includes('all') || names.includes(context));
    if (!contexts.includes('orders'))
      throw new UsageError('The orders are always part of the application: the other contexts live for them.', remedy);
    return new Choice(contexts, transportOf(transport));
  }

  has(context: Context): boolean {
    return this.contexts.includes(context);
  }

  get isWhole(): boolean {
    return this.contexts.length === CONTEXTS.length;
  }

  /** Whether a service comes along that is fed from a topic. */
  get hasKafka(): boolean {
    return this.transport === 'kafka';
  }

  /** Contexts that are left out, and whose facts a stand-in states. */
  get standIns(): readonly Context[] {
    return CONTEXTS.filter((context) => !this.has(context));
  }

  /** What comes along with a choice, for whoever chooses. */
  describe(): string {
    const stand = this.standIns.map((context) => `a stand-in for ${context}`);
    const samples = this.isWhole ? ['samples', 'the demo'] : [];
    const services = this.hasKafka ? ['analytics fed by Kafka'] : [];
    return [...this.contexts, ...stand, ...samples, ...services].join(', ');
  }
}
