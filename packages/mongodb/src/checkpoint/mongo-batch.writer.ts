import {
  StoreUnavailable,
  type Batch,
  type BatchOutcome,
  storeTime,
  type BatchWriter,
  type ReadModelWriter,
} from '@nestfold/core';
import type { ClientSession, Collection } from 'mongodb';
import { timestampOf, uuidText } from '../connection/bson-mapping.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { MongoReadModelWriter } from '../read-model/mongo-read-model.writer.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { DURABLE_TRANSACTION } from '../transaction/durable.js';
import { explained, isPassing } from '../transaction/failure.js';
import { abort, commit } from '../transaction/run-transaction.js';
import { heldOperations, type HeldCommitDocument } from '../parking/held-commit.js';
import { parkedOperations, type ParkedDocument } from '../parking/parked-document.js';
import { checkpointOf, lastDocument, positionDocument, type CheckpointDocument } from './checkpoint-document.js';
import { rehearsing } from './rehearsing.writer.js';
import { watermarkDocument, type WatermarkDocument } from './watermark-document.js';

const LIMIT_MS = 20_000;
/** Past the limit an operation is given so much more; then it is given up, and the writer with it. */
const GRACE_MS = 10_000;
/** How long a writer that is closed waits for what hangs in it. */
const CLOSE_MS = 1_000;
const LONGEST_PAUSE_MS = 200;
const READ_LIMIT_MS = 5_000;
const NOWHERE = { began: storeTime(0, 0), horizon: storeTime(0, 0) };

type Work = (models: ReadModelWriter) => Promise<void>;

/** Writes batches as transactions on one session, which belongs to this writer alone for its whole life. */
export class MongoBatchWriter implements BatchWriter {
  readonly session: string;
  private readonly client: ClientSession;
  private readonly checkpoints: Collection<CheckpointDocument>;
  private readonly watermarks: Collection<WatermarkDocument>;
  private readonly parked: Collection<ParkedDocument>;
  private readonly held: Collection<HeldCommitDocument>;
  private running: Promise<unknown> | undefined;

  constructor(private readonly context: MongoContext) {
    const { client, db } = context;
    this.client = client.startSession({ causalConsistency: true });
    this.session = uuidText(this.client.serverSession.id.id);
    this.checkpoints = db.collection<CheckpointDocument>(COLLECTIONS.checkpoints);
    this.watermarks = db.collection<WatermarkDocument>(COLLECTIONS.watermarks);
    this.parked = db.collection<ParkedDocument>(COLLECTIONS.parked);
    this.held = db.collection<HeldCommitDocument>(COLLECTIONS.heldCommits);
  }

  async write(batch: Batch, work: Work): Promise<BatchOutcome> {
    if (this.running) throw new StoreUnavailable('The batch before still waits for the database: open another writer.');
    const { environment } = this.context;
    const ended = new AbortController();
    const until = environment.now() + LIMIT_MS;
    const written = batch.plain ? this.writePlain(batch, work, until) : this.writeUntil(batch, work, until);
    const running = written.finally(() => (this.running = undefined));
    this.running = running;
    try {
      const patience = environment.sleep(LIMIT_MS + GRACE_MS, ended.signal).then(() => undefined);
      const outcome = await Promise.race([running, patience]);
      if (outcome) return outcome;
      running.catch(() => undefined);
      throw new StoreUnavailable('The database does not answer a batch.');
    } finally {
      ended.abort('ended');
    }
  }

  /** One transaction that writes and is taken back, and one that ends well and has found nothing to write. */
  async rehearse(work: Work): Promise<void> {
    const { db, environment } = this.context;
    const id = environment.uuid();
    const batch: Batch = {
      key: `rehearsal/${id}`,
      token: 0,
      previous: id,
      id,
      position: { phase: 'live', ...NOWHERE },
    };
    const watermarks = { time: storeTime(0, 0), rows: [] };
    try {
      this.client.startTransaction(DURABLE_TRANSACTION);
      await this.move(batch);
      await work(rehearsing(new MongoReadModelWriter(db, this.client), id));
      await this.watermarks.insertOne(watermarkDocument(batch, watermarks), { session: this.client });
      await this.client.abortTransaction();
      this.client.startTransaction(DURABLE_TRANSACTION);
      await this.move(batch);
      await commit(this.client, environment, environment.now());
    } finally {
      await abort(this.client);
    }
  }

  async close(): Promise<boolean> {
    // Not to the pool: whoever took the lease over may end this session at any time, and would hit its next user.
    this.client.serverSession.isDirty = true;
    // Ends an open transaction too, unless the database does not answer: then it is left to the next owner of the lease.
    const ended = Promise.allSettled([this.running, this.client.endSession()]).then(() => true);
    const over = new AbortController();
    const patience = this.context.environment.sleep(CLOSE_MS, over.signal).then(() => false);
    const isClosed = await Promise.race([ended, patience]);
    over.abort('ended');
    return isClosed;
  }

  /** The work before its checkpoint: what a crash leaves between them is done again. */
  private async writePlain(batch: Batch, work: Work, until: number): Promise<BatchOutcome> {
    const standing = await this.resolve(batch);
    if (standing.kind !== 'superseded' || standing.checkpoint.batch !== batch.previous) return standing;
    const models = new MongoReadModelWriter(this.context.db, undefined);
    try {
      await work(models);
    } catch (error) {
      // The engine asks for the whole batch again, which is harmless.
      throw models.passing === undefined ? error : explained(models.passing, 'Writing a batch');
    }
    return this.writeUntil(batch, () => Promise.resolve(), until);
  }

  private async writeUntil(batch: Batch, work: Work, until: number): Promise<BatchOutcome> {
    const { environment } = this.context;
    for (let attempt = 1; ; attempt += 1) {
      const models = new MongoReadModelWriter(this.context.db, this.client);
      try {
        this.client.startTransaction(DURABLE_TRANSACTION);
        // First of all, so that whatever else happens rests on it: of two batches after the same one, one finds nothing.
        if (!(await this.move(batch))) {
          await abort(this.client);
          return await this.resolve(batch);
        }
        await work(models);
        if (batch.watermarks) {
          await this.watermarks.insertOne(watermarkDocument(batch, batch.watermarks), { session: this.client });
        }
        const parked = batch.parked ? parkedOperations(batch.parked) : [];
        if (parked.length > 0) await this.parked.bulkWrite(parked, { session: this.client });
        const held = batch.parked ? heldOperations(batch.parked) : [];
        if (held.length > 0) await this.held.bulkWrite(held, { session: this.client });
        await commit(this.client, environment, until);
        this.context.clock.observeOf(this.client);
        return { kind: 'committed' };
      } catch (error) {
        await abort(this.client);
        // The work may have put its own error around what the database said.
        const cause = models.passing ?? error;
        if (!isPassing(cause)) throw error;
        if (environment.now() >= until) {
          const outcome = await this.resolve(batch);
          if (outcome.kind === 'superseded' && outcome.checkpoint.batch === batch.previous)
            throw explained(cause, 'Writing a batch');
          return outcome;
        }
        this.context.logger.debug('A batch is written again.', { key: batch.key, attempt, error: String(cause) });
      }
      // An attempt whose commit is unknown may have taken effect: then the next one finds its own id in the checkpoint.
      await environment.sleep(Math.min(LONGEST_PAUSE_MS, 2 ** attempt) * environment.random());
    }
  }

  private async move({ key, token, previous, id, position, floor, last }: Batch): Promise<boolean> {
    const { matchedCount } = await this.checkpoints.updateOne(
      { _id: key, token, batch: previous },
      {
        $set: { batch: id, position: positionDocument(position), ...(last && { last: lastDocument(last) }) },
        ...(floor !== undefined && { $max: { floor: timestampOf(floor) } }),
      },
      { session: this.client },
    );
    return matchedCount === 1;
  }

  /** What became of a batch, by the checkpoint: read on the same session, so not older than what the batch saw. */
  private async resolve({ key, token, id }: Batch): Promise<BatchOutcome> {
    try {
      const document = await this.checkpoints.findOne(
        { _id: key },
        { ...MAJORITY, session: this.client, maxTimeMS: READ_LIMIT_MS },
      );
      if (!document || document.token !== token) return { kind: 'fenced' };
      if (document.batch === id) return { kind: 'committed' };
      return { kind: 'superseded', checkpoint: checkpointOf(document) };
    } catch (error) {
      throw explained(error, 'Reading a checkpoint');
    }
  }
}
