import type { EventTypes } from '@nestfold/core';
import type { Build } from '../scenario.js';
import { activityProjection } from './activity-projection.js';
import { cardProjection } from './card-projection.js';
import { ledgerEvents, newerLedgerEvents } from './ledger-events.js';
import { ledgerProjection } from './ledger-projection.js';
import { firstBuild, newEvent, newVersion, newVersionThatReads, type LedgerVariant } from './ledger-variant.js';
import { mailHandler } from './mail.handler.js';

function build<N extends { ownerId: string }>(name: string, types: EventTypes, variant: LedgerVariant<N>): Build {
  return {
    name,
    types,
    projections: [ledgerProjection(variant), activityProjection(variant), cardProjection(variant)],
    handlers: (deliver) => [mailHandler(variant, deliver)],
  };
}

/** The build that a simulation begins with. */
export const oldBuild = build('old', ledgerEvents, firstBuild);

/** What it may be followed by. */
export const newerBuilds: readonly Build[] = [
  build('new-version', ledgerEvents, newVersion),
  build('new-version-that-reads', ledgerEvents, newVersionThatReads),
  build('new-event', newerLedgerEvents, newEvent),
];
