import type { Logger } from '@nestfold/core';
import type { Binary, MongoClient } from 'mongodb';
import { uuidBinary } from '../connection/bson-mapping.js';
import type { LeasedSession } from './lease-document.js';

/**
 * Ends what dead processes left open. A transaction of a killed process holds its documents for over a minute otherwise.
 * Sessions of another database user are named with that user's digest, which needs the right `killAnySession`:
 * without the digest the server answers well and ends nothing.
 */
export class SessionKiller {
  private user: Promise<Binary | undefined> | undefined;

  constructor(
    private readonly client: MongoClient,
    private readonly logger: Logger,
  ) {}

  /** The digest of the user as whom this process is logged in. */
  ownUser(): Promise<Binary | undefined> {
    this.user ??= this.askUser();
    return this.user;
  }

  /** Answers whether all of them were ended. A failure is logged: the claim that follows waits for the server's own limit. */
  async kill(sessions: readonly LeasedSession[]): Promise<boolean> {
    if (sessions.length === 0) return true;
    const own = await this.ownUser();
    try {
      const killSessions = sessions.map(({ session, user }) => {
        const id = uuidBinary(session);
        return user && !(own && user.toString('hex') === own.toString('hex')) ? { id, uid: user } : { id };
      });
      await this.client.db('admin').command({ killSessions });
      return true;
    } catch (error) {
      this.logger.warn(
        "Sessions of a former owner could not be ended; its transaction may hold up the new owner. Let all processes share one database user, or grant 'killAnySession'.",
        { sessions: sessions.map(({ session }) => session).join(','), error: String(error) },
      );
      return false;
    }
  }

  private async askUser(): Promise<Binary | undefined> {
    try {
      // The server lists sessions under the digest that it compares with.
      const [listed] = await this.client
        .db('admin')
        .aggregate<{ _id: { uid: Binary } }>([{ $listLocalSessions: {} }, { $limit: 1 }])
        .toArray();
      return listed?._id.uid;
    } catch (error) {
      this.logger.debug('The server does not list sessions; they are ended without naming a user.', {
        error: String(error),
      });
      return undefined;
    }
  }
}
