import { Logger as NestLog } from '@nestjs/common';
import type { Logger } from '@nestfold/core';

/** Writes to whatever logger the application gave Nest, with the details as JSON behind the message. */
export function nestLogger(): Logger {
  const log = new NestLog('Nestfold');
  return {
    debug: (message, details) => log.debug(line(message, details)),
    info: (message, details) => log.log(line(message, details)),
    warn: (message, details) => log.warn(line(message, details)),
    error: (message, details) => log.error(line(message, details), stackIn(details)),
  };
}

function line(message: string, details: Readonly<Record<string, unknown>> = {}): string {
  const text = JSON.stringify(details, (_key, value: unknown) => {
    if (value instanceof Error) return value.message;
    return typeof value === 'bigint' ? value.toString() : value;
  });
  return text === '{}' ? message : `${message} ${text}`;
}

function stackIn(details: Readonly<Record<string, unknown>> = {}): string | undefined {
  return Object.values(details).find((value) => value instanceof Error)?.stack;
}
