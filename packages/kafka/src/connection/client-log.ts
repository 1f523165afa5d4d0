import type { Logger } from '@nestfold/core';
import { logLevel, type logCreator } from 'kafkajs';

/** What the client says, for those who look closely: what it means for us is logged where it is met. */
export function clientLog(logger: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, ...details } }) => {
      if (level > logLevel.WARN) return;
      logger.debug(`kafkajs: ${message}`, { namespace, error: details['error'] ?? details['stack'] });
    };
}
