import { currentContext } from '@nestfold/core';
import { pino, type DestinationStream, type Logger } from 'pino';
import { plainLines } from './plain-lines.js';
import { correlationId } from './request-correlation.js';

/** The process's log: JSON lines (on a screen plain ones), each with the correlation id of what is being handled. Credentials are never written. */
export function createPino(
  level: string,
  destination: DestinationStream | undefined = screen(),
  service = 'shop',
): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'password', 'token'],
    mixin: () => {
      const context = currentContext();
      const id = context?.correlationId ?? correlationId();
      return {
        ...(id !== undefined && { correlationId: id }),
        ...(context !== undefined && { message: context.messageType, messageId: context.messageId }),
      };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function screen(): DestinationStream | undefined {
  return process.stdout.isTTY ? plainLines((text) => process.stdout.write(text)) : undefined;
}
