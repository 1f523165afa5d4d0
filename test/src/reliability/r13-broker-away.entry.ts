import { brokerAway } from '../kafka/broker-away.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';

/** The store is the backlog of a topic: nobody who appends may notice that its broker is gone. */
export const brokerGone: Entry = {
  id: 'R13',
  title:
    'broker killed (-9) and away for a minute under load: no append fails, the backlog gets to the topic and its readers [K-2]',
  async run(stage) {
    const { server, database, faults } = stage;
    const [times, awayMs] = [stage.pick(1, 5), stage.pick(3_000, 60_000)];
    // Beside what the judge knows of: this load has a judge of its own.
    const name = `${database.databaseName}_topic`;
    const { written, failed, meanwhile, longest, drained, wrong } = await brokerAway({
      uri: server.uri,
      database: name,
      awayMs,
      times,
      onTime: (killed, back) => {
        faults.met(killed);
        faults.resumed(back);
      },
    });
    return {
      planned: times,
      acknowledged: 0,
      violations: wrong.map((message) => ({ rule: 'read-model-equals-fold' as const, subject: 'topic', message })),
      bounds: [
        { what: 'failed', was: failed, atMost: 0 },
        { what: 'meanwhile_per_s', was: meanwhile / (awayMs / 1_000), atLeast: 10 },
        { what: 'longest_cmd_s', was: inSeconds(longest), atMost: 5 },
        { what: 'catch_up_s', was: inSeconds(drained), atMost: 60 },
      ],
      figures: { acked: written, failed, away_s: awayMs / 1_000, meanwhile, catch_up_s: inSeconds(drained) },
    };
  },
};
