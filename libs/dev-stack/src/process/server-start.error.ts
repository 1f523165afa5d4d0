/** Why a server ended before it accepted connections, where that decides what to do next. @publicApi */
export type StartFailure = 'address-in-use' | 'data-folder-in-use' | 'incompatible-data' | 'other';

/** What a server's log tells about a failed start. @internal */
export interface LogFindings {
  readonly failure: StartFailure;
  /** The lines that matter. */
  readonly lines: readonly string[];
}

/** A server that did not start. @internal */
export interface FailedStart {
  /** What runs, such as MongoDB. */
  readonly product: string;
  /** Its process, such as mongod. */
  readonly program: string;
  /** Address and folder. */
  readonly where: string;
  readonly reason: string;
  readonly findings: LogFindings;
}

const HINTS: Record<StartFailure, (start: FailedStart) => string> = {
  'address-in-use': () => 'Another program listens on this port.',
  'data-folder-in-use': ({ program }) => `Another ${program} works on this data folder.`,
  'incompatible-data': ({ product }) =>
    `The data was written by another version of ${product}: start with that version, or delete the data folder.`,
  other: () => 'Its log says:',
};

/** A server ended before it accepted connections; the message quotes its log. @publicApi */
export class ServerStartError extends Error {
  readonly failure: StartFailure;

  constructor(start: FailedStart) {
    const { program, where, reason, findings } = start;
    const quoted = findings.lines.map((line) => `\n    ${line}`).join('');
    super(`${program} did not start ${where}: ${reason}. ${HINTS[findings.failure](start)}${quoted}`);
    this.name = new.target.name;
    this.failure = findings.failure;
  }
}
