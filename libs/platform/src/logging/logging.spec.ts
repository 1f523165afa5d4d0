import { createMessageContext, runInContext } from '@nestfold/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createPino } from './create-pino.js';
import { NestLogger } from './nest-logger.js';
import { correlateRequest, CORRELATION_HEADER, correlationId } from './request-correlation.js';

function sink() {
  const lines: Record<string, unknown>[] = [];
  const pino = createPino('debug', {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { lines, pino };
}

/** Lets a request pass, and answers what was seen within it. */
function correlated<T>(header: string | undefined, within: () => T) {
  const request = { headers: { [CORRELATION_HEADER]: header } } as unknown as IncomingMessage;
  const answered = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => answered.set(name, value),
  } as unknown as ServerResponse;
  let seen: T | undefined;
  correlateRequest(request, response, () => (seen = within()));
  return { seen, answered: answered.get(CORRELATION_HEADER), header: request.headers[CORRELATION_HEADER] };
}

describe('correlation', () => {
  it("takes a caller's id that is fit for a log, and makes one in place of any other", () => {
    expect(correlated('order-7:1', correlationId)).toEqual({
      seen: 'order-7:1',
      answered: 'order-7:1',
      header: 'order-7:1',
    });
    for (const unfit of [undefined, '', 'a b', 'x\ny', 'x'.repeat(129)]) {
      const { seen, answered, header } = correlated(unfit, correlationId);
      expect(seen).toMatch(/^[0-9a-f-]{36}$/);
      expect([answered, header]).toEqual([seen, seen]);
    }
    expect(correlationId()).toBeUndefined();
  });
});

describe('the log', () => {
  it('bears the correlation id of the request, or of the message that is handled', () => {
    const { lines, pino } = sink();
    correlated('request-1', () => pino.info('in a request'));
    const context = createMessageContext({
      messageId: '6f0c5b0e-3c0f-4a52-9c0b-0d5f4e1a7c21',
      messageType: 'PlaceOrder',
      correlationId: 'message-1',
    });
    runInContext(context, () => pino.info('in a message'));
    pino.info('alone');
    expect(lines.map((line) => [line['correlationId'], line['message']])).toEqual([
      ['request-1', undefined],
      ['message-1', 'PlaceOrder'],
      [undefined, undefined],
    ]);
  });

  it('never holds credentials [A-5]', () => {
    const { lines, pino } = sink();
    pino.info(
      { req: { headers: { authorization: 'Bearer secret' } }, password: 'secret', token: 'secret' },
      'a request',
    );
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it("writes Nest's lines with their context, errors with their stack", () => {
    const { lines, pino } = sink();
    const logger = new NestLogger(pino);
    logger.log('started', 'NestApplication');
    logger.error('failed', 'Error: failed\n  at x', 'ProblemFilter');
    logger.error(new Error('broken'));
    expect(lines).toMatchObject([
      { level: 30, msg: 'started', context: 'NestApplication' },
      { level: 50, msg: 'failed', stack: 'Error: failed\n  at x', context: 'ProblemFilter' },
      {
        level: 50,
        msg: 'broken',
        err: { message: 'broken', stack: expect.stringContaining('logging.spec') as unknown },
      },
    ]);
  });
});
