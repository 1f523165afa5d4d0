import type { MongoClient } from 'mongodb';

/** What a server is to do to certain commands. */
export interface FailCommand {
  readonly failCommands: readonly string[];
  readonly appName?: string;
  /** `<database>.<collection>`. */
  readonly namespace?: string;
  readonly blockConnection?: true;
  readonly blockTimeMS?: number;
  readonly errorCode?: number;
  readonly closeConnection?: true;
}

/** How many of the matching commands are met: these many, all of them, or all after so many. */
export type FailMode = { readonly times: number } | 'alwaysOn' | { readonly skip: number };

/** A fault that the server is told to commit. */
export class FailPoint {
  private constructor(
    private readonly client: MongoClient,
    private readonly entered: number,
  ) {}

  static async set(client: MongoClient, mode: FailMode, data: FailCommand): Promise<FailPoint> {
    const { count } = (await client
      .db('admin')
      .command({ configureFailPoint: 'failCommand', mode, data })) as unknown as { count: number };
    return new FailPoint(client, count);
  }

  /** Waits until it was met; answers false when the limit was over first. */
  async isMet(limitMs: number, times = 1): Promise<boolean> {
    try {
      await this.client
        .db('admin')
        .command({ waitForFailPoint: 'failCommand', timesEntered: this.entered + times, maxTimeMS: limitMs });
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 50) return false;
      throw error;
    }
  }

  /** Waits for the commands that it holds. */
  off(): Promise<void> {
    return FailPoint.clear(this.client);
  }

  /** Ends whichever is set. */
  static async clear(client: MongoClient): Promise<void> {
    await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
  }
}
