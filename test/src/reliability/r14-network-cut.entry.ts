import { brokerCut, type NetworkFault } from '../kafka/broker-cut.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';
import { topicOutcome } from './topic-outcome.js';

/** A minute is longer than a session of the client's (30 s): the broker has given its members up when the network heals. */
const [SHORT_MS, CUT_MS, SLOW_MS] = [4_000, 60_000, 20_000];

/** Nobody tells a client that its network is cut, or that what it has sent will never be answered. */
export const networkCut: Entry = {
  id: 'R14',
  title:
    'network to the broker cut for a minute, also so that connections are dead afterwards, and slow (64 kB/s): relay and readers come back by themselves [K-16]',
  async run(stage) {
    const { server, database, faults } = stage;
    const fault = (kind: NetworkFault['kind'], ms: number): NetworkFault => ({ kind, ms: stage.pick(SHORT_MS, ms) });
    const once = [fault('cut', CUT_MS), fault('slow', SLOW_MS), fault('forgotten', CUT_MS), fault('slow', SLOW_MS)];
    const planned = stage.pick(once.slice(0, 3), [...once, fault('cut', CUT_MS), fault('slow', SLOW_MS)]);
    // Beside what the judge knows of: this load has a judge of its own.
    const name = `${database.databaseName}_topic`;
    const seen = await brokerCut({
      uri: server.uri,
      database: name,
      faults: planned,
      onTime: (from, healed) => {
        faults.met(from);
        faults.resumed(healed);
      },
    });
    const { readSlowly, repeated } = seen;
    const rejoined = inSeconds(seen.rejoined);
    return topicOutcome(planned.length, 90, seen, {
      bounds: [
        { what: 'rejoin_s', was: rejoined, atMost: 60 },
        { what: 'read_slowly', was: readSlowly, atLeast: 1 },
      ],
      figures: { rejoin_s: rejoined, repeated },
    });
  },
};
