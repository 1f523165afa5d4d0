import { brokerAway } from '../kafka/broker-away.js';
import type { Entry } from './entry.js';
import { topicOutcome } from './topic-outcome.js';

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
    const seen = await brokerAway({
      uri: server.uri,
      database: name,
      awayMs,
      times,
      onTime: (killed, back) => {
        faults.met(killed);
        faults.resumed(back);
      },
    });
    const { meanwhile } = seen;
    return topicOutcome(times, 60, seen, {
      bounds: [{ what: 'meanwhile_per_s', was: meanwhile / (awayMs / 1_000), atLeast: 10 }],
      figures: { away_s: awayMs / 1_000, meanwhile },
    });
  },
};
