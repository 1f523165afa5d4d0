import type { Logger } from '@nestfold/core';
import type { Logger as Pino } from 'pino';

/** The framework's log lines, written by pino. */
export function frameworkLogger(pino: Pino): Logger {
  return {
    debug: (message, details) => pino.debug({ ...details }, message),
    info: (message, details) => pino.info({ ...details }, message),
    warn: (message, details) => pino.warn({ ...details }, message),
    error: (message, details) => pino.error({ ...details }, message),
  };
}
