import { isTransportUnavailable, type TransportConnection } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { relayKey } from '../running/keys.js';
import { untilAborted } from '../running/until-aborted.js';

/** A broker that does not answer so soon makes no start wait: the relays prepare their topics again when it does. */
const PATIENCE_MS = 5_000;

/**
 * Makes the topics of the transport and compares those that are there with what is configured; ends early when it is stopped, and where one that was filled
 * is gone. Throws `ConfigurationError` where they differ.
 */
export async function prepareTopics(context: EngineContext, stopping: AbortSignal): Promise<void> {
  const { transport, environment, logger } = context;
  if (transport === undefined) return;
  const over = new AbortController();
  void environment.sleep(PATIENCE_MS, over.signal).then(() => over.abort());
  try {
    const done = await untilAborted(
      prepared(context, transport).then(() => true),
      AbortSignal.any([over.signal, stopping]),
    );
    if (done === undefined && !stopping.aborted)
      logger.warn('The broker does not answer yet: topics are filled when it does.');
  } catch (error) {
    if (!isTransportUnavailable(error)) throw error;
    logger.warn('The broker, or a topic, cannot be reached yet: topics are filled when it can.', {
      error: error.message,
    });
  } finally {
    over.abort();
  }
}

async function prepared({ connection }: EngineContext, transport: TransportConnection): Promise<void> {
  const { topics } = transport;
  // One that was filled and is gone is left to who holds its relay: that would take what is made here for what it has filled, and go on in the middle.
  const places = await connection.checkpoints.findAll(topics.map(({ name }) => relayKey(name)));
  const filled = new Set(places.flatMap(({ key, position }) => (position ? key : [])));
  await Promise.all(topics.map(async ({ name }) => filled.has(relayKey(name)) && transport.reach(name)));
  await transport.prepare(topics);
}
