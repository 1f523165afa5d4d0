import { randomUUID } from 'node:crypto';
import { isStreamConflict, loadedVersion, streamName, type StoreConnection } from '@nestfold/core';
import type { Violation } from '@nestfold/testing';
import { clock } from '../support/clock.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';
import type { Stage } from './stage.js';

const WRITERS = 32;
const CONNECTIONS = 4;
const PER_SECOND = 150;
/** Who waits longer starves. */
const WAITED_S = 5;

/** Many writers want the same stream: first each says which version it saw, then each has the framework retry. */
export const hotAggregate: Entry = {
  id: 'R22',
  title: 'hot aggregate: 32 writers on one stream, without and with retry [W-1, W-10]',
  async run(stage) {
    const { faults, ledger } = stage;
    const rounds = stage.pick(20, 100);
    const increments = stage.pick(100, 1_000);
    const violations: Violation[] = [];
    const projector = await stage.worker({ callers: 0 });
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => stage.connection()));

    for (let round = 0; round < rounds; round += 1) {
      const begun = clock();
      const races = Array.from({ length: WRITERS }, (_, writer) =>
        race(stage, connections[writer % CONNECTIONS]!, round),
      );
      const won = (await Promise.all(races)).filter((isWinner) => isWinner).length;
      if (won === 1) faults.met(begun);
      else
        violations.push({
          rule: 'versions-dense',
          subject: 'tally-race',
          message: `${won} writers won round ${round}`,
        });
    }

    const begun = clock();
    const adders = await Promise.all(Array.from({ length: CONNECTIONS }, () => stage.adder()));
    let left = increments;
    const waits: number[] = [];
    const writer = async (_: unknown, index: number): Promise<void> => {
      const adder = adders[index % CONNECTIONS]!;
      while ((left -= 1) >= 0) {
        const asked = clock();
        await adder.addSurely(adder.of('hot', 1));
        waits.push(clock() - asked);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    const seconds = (clock() - begun) / 1_000;
    await projector.settled(60_000);
    const { commits } = await connections[0]!.events.read(streamName('tally', 'hot'));
    if (commits.length !== increments)
      violations.push({
        rule: 'ok-present',
        subject: 'tally-hot',
        message: `${commits.length} of ${increments} increments`,
      });
    return {
      planned: rounds,
      acknowledged: rounds + increments,
      bounds: [
        { what: 'max_wait_s', was: inSeconds(Math.max(...waits)), atMost: WAITED_S },
        // What a short run comes to is its beginning.
        ...(stage.short ? [] : [{ what: 'events_per_s', was: Math.round(increments / seconds), atLeast: PER_SECOND }]),
      ],
      violations,
      figures: {
        rounds,
        conflicts: ledger.appends.filter(({ conflict }) => conflict === true).length,
        events_per_s: Math.round(increments / seconds),
        max_wait_s: inSeconds(Math.max(...waits)),
      },
    };
  },
};

/** One writer of a round: it appends behind the version that all of the round saw. */
async function race({ ledger }: Stage, connection: StoreConnection, seen: number): Promise<boolean> {
  const stream = streamName('tally', 'race');
  const ref = randomUUID();
  const pending = ledger.append(stream, seen, [ref]);
  const events = [{ type: 'tally.added', schema: 1, data: { tallyId: 'race', by: seen + 1, ref } }];
  const metadata = { correlationId: 'race', causationId: 'race' };
  try {
    const [receipt] = await connection.events.append([
      { stream, expected: loadedVersion(seen), events, commitId: randomUUID(), metadata },
    ]);
    pending.ok(receipt!.version);
    return true;
  } catch (error) {
    if (!isStreamConflict(error)) throw error;
    pending.fail(true);
    return false;
  }
}
