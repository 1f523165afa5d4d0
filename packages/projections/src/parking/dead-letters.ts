import { isNotFound, NotFound, type ParkedRequest, type ParkedStream } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import {
  deadLetterOf,
  handlerConsumer,
  type DeadLetter,
  type DeadLetterPage,
  type DeadLetterQuery,
} from './dead-letter.js';

const LIMIT = 50;
const MOST = 500;

/**
 * What operators see of parked streams and ask of them, from any process. The streams of live generations and of those being built count, of every
 * version, and those of this process's handlers; a swap closes those of the former generation.
 */
export class DeadLetters {
  constructor(
    private readonly context: EngineContext,
    private readonly handlers: readonly string[],
  ) {}

  async list({ projection, handler, limit = LIMIT, after }: DeadLetterQuery): Promise<DeadLetterPage> {
    const consumers = [
      ...(handler === undefined ? await this.generations(projection) : []),
      ...(projection === undefined ? this.handlers.filter((one) => handler === undefined || one === handler) : []).map(
        handlerConsumer,
      ),
    ];
    const most = Math.min(MOST, Math.max(1, limit));
    const found = await this.context.connection.parked.list({
      consumers,
      limit: most + 1,
      ...(after !== undefined && { after }),
    });
    const page = found.slice(0, most);
    const next = found.length > most ? page.at(-1)?.id : undefined;
    return { deadLetters: page.map(deadLetterOf), ...(next !== undefined && { next }) };
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const parked = await this.open(id);
    return parked && deadLetterOf(parked);
  }

  /** Asks the partition's owner. Throws `NotFound` for what is not parked (any more). */
  async request(id: string, kind: ParkedRequest['kind'], by: string): Promise<DeadLetter> {
    const { connection, environment, logger } = this.context;
    const parked = await this.open(id);
    const asked =
      parked &&
      (await connection.parked.request(id, {
        id: environment.uuid(),
        kind,
        by,
        at: new Date(environment.now()),
        event: parked.error.event,
      }));
    if (asked === undefined) throw new NotFound('dead letter', id);
    const { consumer, stream, error } = asked;
    logger.info(`A dead letter is to be ${kind === 'retry' ? 'tried again' : 'discarded'}.`, {
      consumer,
      stream,
      event: error.event,
      by,
    });
    return deadLetterOf(asked);
  }

  /** Asks for another try; answers false for what is not parked (any more). */
  async retry(id: string, by: string): Promise<boolean> {
    try {
      await this.request(id, 'retry', by);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  private async open(id: string): Promise<ParkedStream | undefined> {
    const parked = await this.context.connection.parked.get(id);
    if (parked === undefined) return undefined;
    const consumers = [...(await this.generations(parked.name)), ...this.handlers.map(handlerConsumer)];
    return consumers.includes(parked.consumer) ? parked : undefined;
  }

  /** Those whose parked streams count, live ones and those being built. */
  async generations(projection: string | undefined): Promise<string[]> {
    const entries = await this.context.connection.generations.entries();
    return entries
      .filter((entry) => projection === undefined || entry.projection === projection)
      .flatMap((entry) =>
        [entry.live, entry.building].flatMap((number) =>
          number === undefined ? [] : [`${entry.projection}.${entry.version}.${number}`],
        ),
      );
  }
}
