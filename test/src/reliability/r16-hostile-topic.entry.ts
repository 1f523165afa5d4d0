import { startKafka } from '@nestfold/dev-stack';
import { hostileTopic } from '../kafka/hostile-topic.js';
import { clock } from '../support/clock.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';

/**
 * A topic at its worst, but for what its relay keeps: the first of each message comes in the order of its stream. Seen to fail without the look at slices in
 * `topic-follower.ts`: the read models differ.
 */
export const repeatedTopic: Entry = {
  id: 'R16',
  title:
    'hostile topic: each message one to five times, streams and partitions mixed, old ones again at any time and in wrong partitions [K-3]',
  async run(stage) {
    const { server, database, faults, random } = stage;
    const commits = stage.pick(1_000, 33_334);
    const broker = await startKafka({ ephemeral: {}, ignoreBrokers: true });
    try {
      const begun = clock();
      const name = database.databaseName;
      const { isEqual, messages, strays, refused, readMs } = await hostileTopic({
        uri: server.uri,
        databases: { own: `${name}_own`, foreign: `${name}_foreign` },
        brokers: broker.brokers,
        prefix: 'hostile',
        commits,
        random,
        withinMs: 240_000,
      });
      // The whole run is one fault.
      faults.met(begun);
      const differs = { rule: 'read-model-equals-fold' as const, subject: 'topic', message: 'The read models differ.' };
      return {
        planned: 1,
        acknowledged: 0,
        violations: isEqual ? [] : [differs],
        bounds: [
          { what: 'messages', was: messages, atLeast: 2 * commits },
          // What came in a wrong partition is kept, and stops nothing.
          { what: 'refused', was: refused, atLeast: Math.max(1, strays), atMost: strays },
        ],
        figures: { acked: commits, messages, strays, refused, read_s: inSeconds(readMs) },
      };
    } finally {
      await broker.stop();
    }
  },
};
