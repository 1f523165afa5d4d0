import { describe, expect, it } from 'vitest';
import { eventually, mustAnswer, mustEqual, WrongStep } from './expectations.js';

const answer = (status: number, body: unknown) => ({ status, body, headers: new Headers() });

describe("the demo's expectations", () => {
  it('hand on the body of the right answer', () => {
    expect(mustAnswer(answer(202, { id: 'a' }), 202)).toEqual({ id: 'a' });
  });

  it('refuse another status or code, and say what came', () => {
    expect(() => mustAnswer(answer(500, { code: 'internal' }), 202)).toThrow(/expected status 202, got 500.*internal/);
    expect(() => mustAnswer(answer(422, { code: 'order.empty' }), 422, 'order.not-draft')).toThrow(WrongStep);
  });

  it('compare deeply', () => {
    expect(() => mustEqual({ a: [1] }, { a: [1] }, 'it')).not.toThrow();
    expect(() => mustEqual({ a: [1] }, { a: [2] }, 'it')).toThrow(/it: expected .*2.* got .*1/);
  });

  it('wait for what comes later', async () => {
    let asked = 0;
    expect(await eventually('it', async () => ((asked += 1) === 3 ? 'here' : undefined))).toBe('here');
  });
});
