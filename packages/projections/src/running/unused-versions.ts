import type { ProjectionVersion, RegistryEntry } from '@nestfold/core';
import { dropVersion } from '../rebuilding/drop-version.js';
import type { EngineContext } from './engine-context.js';

const LOOK_MS = 60_000;

/**
 * Drops versions of projections that nobody has named in time: by what stands in their entries, never by which processes are alive, since one may just
 * be starting. Between the decision and the drop a grace passes, in which whoever still reads by an old pointer has looked again.
 */
export class UnusedVersions {
  private readonly seen = new Map<string, number>();
  private readonly owner: string;
  private readonly stopping = new AbortController();
  private work: Promise<void> | undefined;
  private lookAt = 0;

  constructor(private readonly context: EngineContext) {
    this.owner = context.environment.uuid();
  }

  /** To be called with each heartbeat; looks now and then. */
  tend(): void {
    const { environment, logger } = this.context;
    if (this.work !== undefined || this.stopping.signal.aborted || environment.now() < this.lookAt) return;
    this.work = this.look()
      .catch((error: unknown) => logger.warn('Unused versions could not be looked for.', { error: String(error) }))
      .finally(() => (this.work = undefined));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async look(): Promise<void> {
    const { connection, environment, settings } = this.context;
    const found = await connection.generations.expire(settings.versionKeepMs);
    for (const key of this.seen.keys()) if (!found.some((entry) => keyOf(entry) === key)) this.seen.delete(key);
    let next = Math.min(LOOK_MS, settings.versionKeepMs / 4);
    for (const entry of found) {
      if (this.stopping.signal.aborted) return;
      const left = this.graceOf(entry);
      if (left <= 0) await dropVersion(this.context, entry, this.owner);
      else next = Math.min(next, left);
    }
    this.lookAt = environment.now() + next;
  }

  /** What is left of the grace, counted from when this process first saw that the version is being dropped: no two clocks are compared. */
  private graceOf(entry: RegistryEntry): number {
    const { environment, settings } = this.context;
    const now = environment.now();
    const since = this.seen.get(keyOf(entry)) ?? now;
    this.seen.set(keyOf(entry), since);
    return since + settings.graceMs - now;
  }
}

const keyOf = ({ projection, version }: ProjectionVersion): string => `${projection}.${version}`;
