import { randomUUID } from 'node:crypto';
import { TcpProxy } from '@nestfold/dev-stack';
import { FailPoint } from '../faults/fail-point.js';
import { clock } from '../support/clock.js';
import { between } from '../support/random.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';

const POINTS = ['while it loads', 'while it appends', 'before it hears of its append'] as const;

/** Kills the command service at certain moments of a command; another process projects all the time. */
export const commandKill: Entry = {
  id: 'R02',
  title: 'kill -9 of the command service inside load, insert and reply; repetition by the same key [W-3, W-5]',
  async run(stage) {
    const { ledger, client, database, faults, random } = stage;
    const kills = stage.pick(9, 60);
    const proxy = await TcpProxy.start(stage.server.nodes[0]!.port);
    try {
      const projector = await stage.worker({ callers: 0 });
      let appName = '';
      const start = (repeat = ledger.open) => {
        appName = `commands-${randomUUID()}`;
        const orders = { uri: proxy.uri, appName, callers: 12, readers: 4, parts: 4, projections: [], repeat };
        return stage.worker(orders);
      };
      let service = await start();
      await stage.acknowledges(service, 100);
      for (let kill = 0; kill < kills; kill += 1) {
        const point = POINTS[kill % POINTS.length]!;
        const begun = clock();
        if (point === 'before it hears of its append') {
          const loss = proxy.lose({ command: 'insert', collection: 'commits', by: 'silence' });
          await service.until('a reply to be lost', () => loss.lost > 0);
          await service.kill();
          loss.end();
        } else {
          const command = point === 'while it loads' ? ['find', 'aggregate'] : ['insert'];
          const namespace = `${database.databaseName}.commits`;
          const blocked = {
            failCommands: command,
            namespace,
            appName,
            blockConnection: true,
            blockTimeMS: 1_500,
          } as const;
          const held = await FailPoint.set(client, { skip: between(random, 0, 10) }, blocked);
          const isMet = await held.isMet(20_000);
          await service.kill();
          await held.off();
          if (!isMet) continue;
        }
        const killed = clock();
        // Some that were answered are sent again as well: their answers must be the same.
        const answered = [...ledger.acknowledged.keys()].slice(-5).map((ref) => ledger.asked.get(ref)!);
        service = await start([...ledger.open, ...answered]);
        await stage.acknowledges(service, 50);
        faults.resumed(killed);
        faults.met(begun);
      }
      await stage.acknowledges(service, 100);
      await service.settled(60_000);
      await projector.settled(60_000);
      await until('nothing to be open', async () => ledger.open.length === 0);
      return {
        planned: kills,
        acknowledged: 50 * kills,
        bounds: [faults.resumesWithin(5)],
        figures: { kills, repeated: ledger.repeated, reads: ledger.reads.length },
      };
    } finally {
      await proxy.stop();
    }
  },
};
