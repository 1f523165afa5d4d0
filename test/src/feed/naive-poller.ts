import type { Db, Timestamp } from 'mongodb';

/** What a projection must not be: it asks for what is later than the last that it saw, and takes time for order. */
export class NaivePoller {
  readonly seen = new Set<string>();
  private last: Timestamp | undefined;

  constructor(private readonly database: Db) {}

  async poll(): Promise<void> {
    const later = this.last ? { ts: { $gt: this.last } } : {};
    const found = await this.database
      .collection('commits')
      .find(later, { readConcern: { level: 'majority' } })
      .sort({ ts: 1 })
      .toArray();
    for (const { ts, e } of found as unknown as { ts: Timestamp; e: { d: { ref: string } }[] }[]) {
      this.last = ts;
      for (const { d } of e) this.seen.add(d.ref);
    }
  }
}
