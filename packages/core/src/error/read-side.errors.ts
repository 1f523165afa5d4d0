import type { StreamName } from '../stream/stream-name.js';
import { hasCode, NestfoldError } from './nestfold.error.js';

/** The live feed no longer reaches back to where the consumer stands: catch up again from the floor. */
export class FeedHistoryLost extends NestfoldError {
  readonly code = 'feed.history-lost';
  readonly retry = 'never';
}

/** The feed delivered a later version of a stream without the one before it: a found loss, so it stops. */
export class FeedGap extends NestfoldError {
  readonly code = 'feed.gap';
  readonly retry = 'never';

  constructor(
    readonly stream: StreamName,
    readonly after: number,
    readonly got: number,
  ) {
    super(
      `The feed delivered version ${got} of '${stream}' after version ${after}: something between them is missing.`,
      { stream, after, got },
    );
  }
}

/** A projection inserts a document that is there already. */
export class DocumentExists extends NestfoldError {
  readonly code = 'read-model.document-exists';
  readonly retry = 'never';

  constructor(
    readonly collection: string,
    readonly id: string,
  ) {
    super(`'${collection}' already holds a document '${id}': insert is for new ones, use patch or reduce.`, {
      collection,
      id,
    });
  }
}

/**
 * A projection with slicing 'stream' writes a document from a second stream: streams are applied in parallel, so what the document became would be
 * chance. Write it from one stream, or use slicing 'single'.
 */
export class FedByAnotherStream extends NestfoldError {
  readonly code = 'read-model.fed-by-another-stream';
  readonly retry = 'never';

  constructor(
    readonly collection: string,
    readonly id: string,
    /** The stream whose event was being applied. */
    readonly stream: StreamName,
    /** The stream that feeds the document. */
    readonly fedBy: StreamName,
  ) {
    super(
      `The document '${id}' of '${collection}' is fed by the stream '${fedBy}', but '${stream}' writes it too: with slicing 'stream' each document has one stream. Write another document, or use slicing 'single'.`,
      { collection, id, stream, fedBy },
    );
  }
}

/**
 * A change cannot be made to a document: it does not fit what is there (a number added to text, a path through text), it
 * replaces what is missing, or a unique index refuses its value.
 */
export class ChangeRefused extends NestfoldError {
  readonly code = 'read-model.change-refused';
  readonly retry = 'never';

  constructor(
    readonly collection: string,
    readonly id: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(
      `A change of document '${id}' in '${collection}' was refused: ${reason}.`,
      { collection, id, reason },
      options,
    );
  }
}

/** A projection's method, or one of its writes, failed for good; the projection has stopped. */
export class ProjectionFailed extends NestfoldError {
  readonly code = 'projection.failed';
  readonly retry = 'never';
}

/** A rebuild of this projection version is under way; `id` names it. */
export class RebuildRunning extends NestfoldError {
  readonly code = 'rebuild.running';
  readonly retry = 'later';

  constructor(readonly id: string) {
    super(`The rebuild '${id}' is running: wait for its end, or cancel it.`, { id });
  }
}

/** There is no such thing; `what` says of which kind. */
export class NotFound extends NestfoldError {
  readonly code = 'not-found';
  readonly retry = 'never';

  constructor(
    readonly what: string,
    readonly id: string,
  ) {
    super(`There is no ${what} '${id}'.`, { what, id });
  }
}

export const isFeedHistoryLost = (error: unknown): error is FeedHistoryLost => hasCode(error, 'feed.history-lost');
export const isFeedGap = (error: unknown): error is FeedGap => hasCode(error, 'feed.gap');
export const isDocumentExists = (error: unknown): error is DocumentExists =>
  hasCode(error, 'read-model.document-exists');
export const isFedByAnotherStream = (error: unknown): error is FedByAnotherStream =>
  hasCode(error, 'read-model.fed-by-another-stream');
export const isChangeRefused = (error: unknown): error is ChangeRefused => hasCode(error, 'read-model.change-refused');
export const isProjectionFailed = (error: unknown): error is ProjectionFailed => hasCode(error, 'projection.failed');
export const isRebuildRunning = (error: unknown): error is RebuildRunning => hasCode(error, 'rebuild.running');
export const isNotFound = (error: unknown): error is NotFound => hasCode(error, 'not-found');
