import { ServerStartError, type LogFindings, type StartFailure } from '../process/server-start.error.js';

/** Why mongod ended before it accepted connections, where that decides what to do next. @publicApi */
export type MongodStartFailure = StartFailure;

/** mongod ended before it accepted connections; the message quotes its log. @publicApi */
export class MongodStartError extends ServerStartError {
  readonly code = 'MONGOD_START_FAILED';

  constructor(where: string, reason: string, findings: LogFindings) {
    super({ product: 'MongoDB', program: 'mongod', where, reason, findings });
  }
}
