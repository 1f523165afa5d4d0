/** Why mongod ended before it accepted connections, where that decides what to do next. @publicApi */
export type MongodStartFailure = 'address-in-use' | 'data-folder-in-use' | 'incompatible-data' | 'other';

const HINTS: Record<MongodStartFailure, string> = {
  'address-in-use': 'Another program listens on this port.',
  'data-folder-in-use': 'Another mongod works on this data folder.',
  'incompatible-data':
    'The data was written by another version of MongoDB: start with that version, or delete the data folder.',
  other: 'Its log says:',
};

/** mongod ended before it accepted connections; the message quotes its log. @publicApi */
export class MongodStartError extends Error {
  readonly code = 'MONGOD_START_FAILED';
  readonly failure: MongodStartFailure;

  constructor(where: string, reason: string, failure: MongodStartFailure, log: readonly string[]) {
    const quoted = log.map((line) => `\n    ${line}`).join('');
    super(`mongod did not start ${where}: ${reason}. ${HINTS[failure]}${quoted}`);
    this.name = 'MongodStartError';
    this.failure = failure;
  }
}
