import { isTransportUnavailable } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { untilAborted } from '../running/until-aborted.js';

/** A broker that does not answer so soon makes no start wait: the relays prepare their topics again when it does. */
const PATIENCE_MS = 5_000;

/** Makes the topics of the transport and compares those that are there with what is configured; ends early when it is stopped. Throws `ConfigurationError` where they differ. */
export async function prepareTopics(
  { transport, environment, logger }: EngineContext,
  stopping: AbortSignal,
): Promise<void> {
  if (transport === undefined) return;
  const over = new AbortController();
  void environment.sleep(PATIENCE_MS, over.signal).then(() => over.abort());
  try {
    const done = await untilAborted(
      transport.prepare(transport.topics).then(() => true),
      AbortSignal.any([over.signal, stopping]),
    );
    if (done === undefined && !stopping.aborted)
      logger.warn('The broker does not answer yet: topics are filled when it does.');
  } catch (error) {
    if (!isTransportUnavailable(error)) throw error;
    logger.warn('The broker cannot be reached yet: topics are filled when it can.', { error: error.message });
  } finally {
    over.abort();
  }
}
