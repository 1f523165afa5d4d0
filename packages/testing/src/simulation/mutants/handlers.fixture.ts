import { altered } from '../altered.js';
import { calm } from '../fault-rates.js';
import { ledgerScenario } from '../ledger/ledger.scenario.js';
import type { Mutant } from './mutant.fixture.js';

const { handlers } = ledgerScenario;

/** A handler's call is not waited for: the place is stored first, and a crash loses the effect. */
const effectAfterCheckpoint: Mutant = {
  name: "handler's checkpoint before effect",
  shows: ['delivered'],
  profile: {
    handlers: true,
    poison: false,
    troubles: ['kill', 'restart'],
    troubleMs: 200,
    clientPauseMs: 40,
    rates: { ...calm, latencyMs: 60 },
  },
  scenario: {
    ...ledgerScenario,
    ...(handlers && {
      handlers: (deliver) =>
        handlers((name, context) => {
          deliver(name, context).catch(() => undefined);
          return Promise.resolve();
        }),
    }),
  },
};

/** The next owner does not know which streams are parked: what comes later overtakes. */
const parkedForgotten: Mutant = {
  name: 'parked streams forgotten by the next owner',
  shows: ['delivered', 'read-model-equals-fold', 'settled'],
  profile: {
    handlers: true,
    poison: true,
    troubles: ['kill', 'redrive'],
    troubleMs: 200,
    clientPauseMs: 40,
    clients: 3,
  },
  alter: (store) => ({
    ...store,
    parked: altered(store.parked, { find: () => Promise.resolve([]) }),
  }),
};

/** What keeps the effects of handlers whole. */
export const handlerMutants: readonly Mutant[] = [effectAfterCheckpoint, parkedForgotten];
