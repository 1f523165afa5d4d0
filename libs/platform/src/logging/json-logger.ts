import type { LoggerService } from '@nestjs/common';
import { currentContext, type Logger } from '@nestfold/core';
import { pino, stdTimeFunctions, type Logger as PinoLogger } from 'pino';

/** Writes one JSON line an entry, with the correlation id of the message that is being handled. For Nest and for Nestfold. */
export class JsonLogger implements LoggerService, Logger {
  private readonly pino: PinoLogger;

  constructor(level: string) {
    this.pino = pino({
      level,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      mixin: () => {
        const context = currentContext();
        return context === undefined ? {} : { correlationId: context.correlationId };
      },
    });
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  info(message: string, details?: Readonly<Record<string, unknown>>): void {
    this.write('info', message, [details]);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest ends its arguments with the name of a context, and may put a stack before it; Nestfold gives details. */
  private write(level: 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: readonly unknown[]): void {
    const fields: Record<string, unknown> = {};
    for (const [index, one] of rest.entries()) {
      if (typeof one === 'string') fields[index === rest.length - 1 ? 'context' : 'stack'] = one;
      else if (one instanceof Error) fields['err'] = one;
      else if (typeof one === 'object' && one !== null) Object.assign(fields, one);
    }
    if (message instanceof Error) this.pino[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ ...fields, ...message });
    else this.pino[level](fields, String(message));
  }
}
