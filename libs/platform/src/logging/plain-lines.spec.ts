import { describe, expect, it } from 'vitest';
import { createPino } from './create-pino.js';
import { plainLines } from './plain-lines.js';

describe('the log on a screen', () => {
  it('has lines for people: level, message, details, and the stack of an error', () => {
    let text = '';
    const pino = createPino(
      'info',
      plainLines((line) => (text += line)),
    );
    pino.warn({ attempt: 1, pauseMs: 80 }, 'The store does not answer: trying again.');
    pino.info('Ready.');
    const error = new Error('broken');
    pino.error({ err: error }, 'It failed.');
    expect(text).toBe(
      `WARN  The store does not answer: trying again.  {"attempt":1,"pauseMs":80}\nINFO  Ready.\nERROR  It failed.\n${error.stack}\n`,
    );
  });

  it('keeps credentials out of it', () => {
    let text = '';
    createPino(
      'info',
      plainLines((line) => (text += line)),
    ).info({ password: 'secret' }, 'In.');
    expect(text).toBe('INFO  In.  {"password":"[Redacted]"}\n');
  });
});
