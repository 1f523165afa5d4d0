import type { PayloadCodec } from '../codec/payload-codec.port.js';
import { lastVersionOf, type Commit } from '../event/event.js';
import { ClaimTaken, CommandKeyReused, StoreOverloaded, StreamConflict } from '../error/store.errors.js';
import type { AppendOptions, Claim, CommitReceipt, StreamAppend } from '../store/append.js';
import type { EventStore, ReadRange, StoreCapability, StreamSlice } from '../store/event-store.port.js';
import type { StoreTime } from '../feed/store-time.js';
import { loadedVersion, type ExpectedVersion } from '../stream/expected-version.js';
import type { StreamName } from '../stream/stream-name.js';
import { decodeCommits } from './commit-copy.js';
import { DocumentDraft } from './document-draft.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { prepareAppend } from './prepare-append.js';

/** The log in memory. From the last check of an append to its end nothing awaits, so it is atomic. */
export class InMemoryEventStore implements EventStore {
  readonly capabilities: ReadonlySet<StoreCapability> = new Set(['several-streams', 'unchanged', 'claims', 'writes']);
  private closed = false;

  constructor(
    private readonly database: InMemoryDatabase,
    private readonly codec?: PayloadCodec,
  ) {}

  async append(streams: readonly StreamAppend[], options: AppendOptions = {}): Promise<readonly CommitReceipt[]> {
    if (this.closed) throw new StoreOverloaded('The connection to the in-memory store is closed.');
    const prepared = await Promise.all(streams.map((append) => prepareAppend(append, this.codec)));
    const names = prepared.map(({ stream }) => stream);
    for (let open = this.openAmong(names); open.length > 0; open = this.openAmong(names)) await Promise.all(open);
    const open = this.database.holdOpen?.(names);
    if (!open) return this.appendNow(prepared, options);
    const times = prepared.map(() => this.database.tick());
    return this.holding(names, async () => {
      await open;
      return this.appendNow(prepared, options, times);
    });
  }

  async read(stream: StreamName, range: ReadRange = {}): Promise<StreamSlice> {
    const { fromVersion = 1, toVersion = Number.POSITIVE_INFINITY, until, limit = Number.POSITIVE_INFINITY } = range;
    const found = this.commitsOf(stream)
      .filter((commit) => lastVersionOf(commit) >= fromVersion && commit.firstVersion <= toVersion)
      .filter((commit) => until === undefined || commit.occurredAt <= until)
      .slice(0, limit);
    const last = found.at(-1);
    const version = last ? lastVersionOf(last) : Math.min(this.versionOf(stream), fromVersion - 1);
    return { stream, commits: await decodeCommits(found, this.codec), version: loadedVersion(version) };
  }

  async head(stream: StreamName): Promise<Commit | undefined> {
    return this.decoded(this.commitsOf(stream).at(-1));
  }

  async findKeyed(stream: StreamName, commitId: string): Promise<Commit | undefined> {
    return this.decoded(this.commitsOf(stream).find(({ id, keyed }) => keyed && id === commitId));
  }

  async epoch(): Promise<string> {
    return this.database.epoch;
  }

  close(): void {
    this.closed = true;
  }

  private appendNow(
    prepared: readonly StreamAppend[],
    options: AppendOptions,
    times?: readonly StoreTime[],
  ): readonly CommitReceipt[] {
    const stored = prepared.map((append) => this.repetitionOf(append));
    if (stored.every((commit) => commit !== undefined)) return stored.map((commit) => this.receipt(commit, true));

    for (const { stream, expected } of prepared) this.insist(stream, expected);
    for (const { stream, version } of options.unchanged ?? []) this.insist(stream, version);
    const claims = this.claimed(options.claims ?? [], prepared[0]?.commitId ?? '');
    const draft = new DocumentDraft(this.database);
    for (const { collection, changes } of options.writes ?? [])
      for (const change of changes) draft.of(collection).apply(change);

    this.database.claims = claims;
    draft.publish();
    // One that was held open has its times since long: it is visible only now.
    const begun = times ?? prepared.map(() => this.database.tick());
    const visibleAt = this.database.tick();
    const commits = prepared.map((append, index) => this.store(append, begun[index]!, visibleAt));
    return commits.map((commit) => this.receipt(commit, false));
  }

  private openAmong(streams: readonly StreamName[]): readonly Promise<void>[] {
    return streams.map((stream) => this.database.openAppends.get(stream)).filter((one) => one !== undefined);
  }

  private async holding<R>(streams: readonly StreamName[], task: () => Promise<R>): Promise<R> {
    const running = task();
    const over = running.then(
      () => undefined,
      () => undefined,
    );
    for (const stream of streams) this.database.openAppends.set(stream, over);
    try {
      return await running;
    } finally {
      for (const stream of streams) this.database.openAppends.delete(stream);
    }
  }

  private commitsOf(stream: StreamName): readonly Commit[] {
    return this.database.streams.get(stream) ?? [];
  }

  private versionOf(stream: StreamName): number {
    const last = this.commitsOf(stream).at(-1);
    return last ? lastVersionOf(last) : 0;
  }

  private async decoded(commit: Commit | undefined): Promise<Commit | undefined> {
    return commit && (await decodeCommits([commit], this.codec))[0];
  }

  private repetitionOf({ stream, commitId, bodyHash }: StreamAppend): Commit | undefined {
    const found = this.commitsOf(stream).find(({ id }) => id === commitId);
    if (found?.bodyHash !== undefined && bodyHash !== undefined && found.bodyHash !== bodyHash)
      throw new CommandKeyReused(stream);
    return found;
  }

  private insist(stream: StreamName, expected: ExpectedVersion): void {
    if (expected === 'any') return;
    const actual = this.versionOf(stream);
    const fits =
      expected === 'noStream' ? actual === 0 : expected === 'streamExists' ? actual > 0 : expected.version === actual;
    if (!fits) throw new StreamConflict(stream, expected, actual);
  }

  private claimed(claims: readonly Claim[], holder: string): ReadonlyMap<string, string> {
    const after = new Map(this.database.claims);
    for (const { scope, value, action } of claims) {
      const key = JSON.stringify([scope, value]);
      if (action === 'free') after.delete(key);
      else if (after.has(key)) throw new ClaimTaken(scope, value);
      else after.set(key, holder);
    }
    return after;
  }

  private store(append: StreamAppend, time: StoreTime, visibleAt: StoreTime): Commit {
    const { stream, events, commitId: id, keyed = false, bodyHash, metadata } = append;
    const recordedAt = append.recordedAt ?? new Date(this.database.now());
    const commit: Commit = {
      stream,
      firstVersion: this.versionOf(stream) + 1,
      id,
      keyed,
      ...(bodyHash !== undefined && { bodyHash }),
      events,
      metadata,
      occurredAt: append.occurredAt ?? recordedAt,
      recordedAt,
      time,
    };
    this.database.publish(commit, visibleAt);
    return commit;
  }

  private receipt(commit: Commit, repeated: boolean): CommitReceipt {
    const { stream, firstVersion, id: commitId } = commit;
    return { stream, firstVersion, version: lastVersionOf(commit), commitId, time: this.database.time(), repeated };
  }
}
