import { Timestamp, type Db } from 'mongodb';
import { commitDocument } from './commit-documents.js';

/** Fills the log with counters of ten events each, as an import of an hour ago would: behind every horizon. */
export async function fillHistory(database: Db, events: number): Promise<void> {
  const counters = Math.ceil(events / 10);
  const seconds = Math.floor(Date.now() / 1000) - 7200;
  const commits = database.collection('commits');
  for (let version = 1, ordinal = 0; version <= 10; version += 1) {
    for (let first = 0; first < counters; first += 1000) {
      const documents = [];
      for (let counter = first; counter < Math.min(first + 1000, counters); counter += 1, ordinal += 1) {
        const id = `h${counter}`;
        const ts = new Timestamp({ t: seconds + Math.floor(ordinal / 1000), i: (ordinal % 1000) + 1 });
        const [type, data] =
          version === 1
            ? ['bench.opened', { counterId: id, label: 'bench' }]
            : ['bench.added', { counterId: id, by: 1 }];
        documents.push(commitDocument(`counter-${id}`, version, type, data, ts));
      }
      await commits.insertMany(documents as never[], { ordered: false });
    }
  }
}
