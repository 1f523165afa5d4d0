import type { Collection, Document } from 'mongodb';
import { commitDocument } from './commit-documents.js';

const AT_ONCE = 500;
const IN_FLIGHT = 2;

/** Counters whose events are stored as an import would store them: many at once, past our store, with the server's clock. */
export class Backlog {
  private readonly versions: number[];

  constructor(
    private readonly commits: Collection,
    readonly counters: number,
  ) {
    this.versions = new Array<number>(counters).fill(0);
  }

  /** The events that open all counters. */
  async open(): Promise<void> {
    const documents = this.versions.map((_, index) => {
      this.versions[index] = 1;
      const counterId = idOf(index);
      return commitDocument(`counter-${counterId}`, 1, 'bench.opened', { counterId, label: 'bench' });
    });
    await this.insert(documents);
  }

  /** So many events more, one a commit, dealt round to all counters. */
  async add(events: number): Promise<void> {
    const documents = Array.from({ length: events }, (_, ordinal) => {
      const index = ordinal % this.counters;
      const version = this.versions[index]! + 1;
      this.versions[index] = version;
      const counterId = idOf(index);
      return commitDocument(`counter-${counterId}`, version, 'bench.added', { counterId, by: 1 });
    });
    await this.insert(documents);
  }

  /** Two commands at a time, of different streams: so each stream comes in order. */
  private async insert(documents: readonly Document[]): Promise<void> {
    const chunk = Math.min(AT_ONCE, Math.ceil(this.counters / IN_FLIGHT));
    for (let first = 0; first < documents.length; first += IN_FLIGHT * chunk) {
      const chunks = Array.from({ length: IN_FLIGHT }, (_, index) => {
        const begin = first + index * chunk;
        return documents.slice(begin, begin + chunk);
      });
      const inserts = chunks
        .filter(({ length }) => length > 0)
        .map((chosen) => this.commits.insertMany(chosen, { ordered: true, writeConcern: { w: 'majority', j: true } }));
      await Promise.all(inserts);
    }
  }
}

function idOf(index: number): string {
  return `b${index}`;
}
