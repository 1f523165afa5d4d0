import { isNestfoldError } from '@nestfold/core';
import { TcpProxy } from '@nestfold/dev-stack';
import type { Violation } from '@nestfold/testing';
import { clock } from '../support/clock.js';
import { between } from '../support/random.js';
import type { Entry } from './entry.js';

// The driver repeats an insert once by itself: two lost replies reach the framework.
const DRIVER_TRIES = 2;

/** Loses the replies to appends that took effect; others append to the same streams before they are sent again. */
export const replyLost: Entry = {
  id: 'R12',
  title: 'the reply to an append is lost after its commit; retries find it [W-4]',
  async run(stage) {
    const { faults, random } = stage;
    const rounds = stage.pick(40, 300);
    const violations: Violation[] = [];
    const proxy = await TcpProxy.start(stage.server.nodes[0]!.port);
    try {
      const projector = await stage.worker({ callers: 0 });
      const quick = await stage.adder();
      const slow = await stage.adder(proxy.uri);
      for (let index = 0; index < 30; index += 1) await quick.add(quick.of(`t${index % 3}`, index));
      let unknown = 0;
      for (let round = 0; round < rounds; round += 1) {
        const begun = clock();
        const addition = { ...slow.of(`t${round % 3}`, round + 1), parts: between(random, 1, 3) };
        const times = DRIVER_TRIES * between(random, 1, 3);
        const loss = proxy.lose({ command: 'insert', collection: 'commits', times, by: 'closing' });
        const first = slow.add(addition).catch((error: unknown) => error);
        await loss.first;
        await quick.add(quick.of(addition.tallyId, 1_000 + round));
        await quick.add(addition);
        const answer = await first;
        // ok or unknown; a refusal for good would say that it had no effect.
        if (isNestfoldError(answer)) {
          unknown += 1;
          if (answer.retry === 'never') {
            const message = `an append that took effect was refused with ${answer.code}`;
            violations.push({ rule: 'fail-absent', subject: addition.ref, message });
          }
        } else if (answer instanceof Error) throw answer;
        loss.end();
        if (loss.lost > 0) faults.met(begun);
      }
      await projector.settled(60_000);
      return {
        planned: rounds,
        acknowledged: 2 * rounds,
        violations,
        figures: { said_unknown: unknown, repeated: stage.ledger.repeated },
      };
    } finally {
      await proxy.stop();
    }
  },
};
