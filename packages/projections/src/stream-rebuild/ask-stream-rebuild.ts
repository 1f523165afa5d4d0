import { NotFound, type Generation, type StreamName, type StreamRebuild } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import type { ProjectionView } from '../running/projection-view.js';
import { StreamRebuildRefused } from './stream-rebuild-refused.error.js';

/** How a rebuild of one stream stands, in the generation that readers see. */
export type StreamRebuildStatus = StreamRebuild & { readonly projection: string; readonly generation: string };

/** Asks the owners of the stream's partitions, of the live generation and of the former one that is still fed. Throws `NotFound` and `StreamRebuildRefused`. */
export async function askStreamRebuild(
  { connection, environment, logger }: EngineContext,
  supervisor: ProjectionSupervisor,
  stream: StreamName,
  by: string,
): Promise<StreamRebuildStatus> {
  const { name: projection, mode, source } = supervisor.definition;
  const refused = (reason: string): StreamRebuildRefused => new StreamRebuildRefused(projection, stream, reason);
  const { live, previous } = await supervisor.read();
  if (live === undefined) throw refused('it has no live documents yet; its first build applies all events');
  if (mode === 'plain')
    throw refused("in mode 'plain' readers would see the documents half replaced; rebuild the whole projection");
  if (source !== undefined)
    throw refused('it reads a topic, which holds all streams in one order; rebuild the whole projection');
  if (live.slicing !== 'stream')
    throw refused(
      "with slicing 'single' nobody knows which documents come from which stream; rebuild the whole projection",
    );
  if (live.state === 'failed') throw refused('an event has stopped the projection; rebuild the whole projection');
  if ((await connection.events.head(stream)) === undefined) throw new NotFound('stream', stream);
  const request = { id: environment.uuid(), stream, by, at: new Date(environment.now()) };
  // The former one may become live again by a rollback. What is built beside them comes from the log anyway.
  if (previous?.slicing === 'stream') await connection.generations.requestStreamRebuild(previous.id, request);
  const asked = await connection.generations.requestStreamRebuild(live.id, request);
  if (asked === undefined)
    throw refused('too many rebuilds of streams wait, or other documents have become live; ask again later');
  logger.info('What a stream feeds is to be made anew.', { generation: live.id, stream, by });
  return statusOf(live, asked);
}

/** The latest rebuild of a stream; `undefined` where there was none, or it is long ago. */
export function streamRebuildIn(
  { live, previous }: ProjectionView,
  stream: StreamName,
): StreamRebuildStatus | undefined {
  for (const generation of [live, previous]) {
    const found = generation?.streamRebuilds?.find((one) => one.stream === stream);
    if (generation !== undefined && found !== undefined) return statusOf(generation, found);
  }
  return undefined;
}

const statusOf = ({ id, projection }: Generation, rebuild: StreamRebuild): StreamRebuildStatus => ({
  ...rebuild,
  projection,
  generation: id,
});
