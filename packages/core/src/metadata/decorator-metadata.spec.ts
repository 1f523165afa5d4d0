import { describe, expect, it } from 'vitest';
import { EventContext } from '../context/event-context.js';
import { parameterTypes } from './own-metadata.js';

class Fact {
  a!: string;
}
const decorate: MethodDecorator = () => undefined;

class Subject {
  @decorate
  method(fact: Fact, context: EventContext, text: string): void {
    void [fact, context, text];
  }
}

describe('the build', () => {
  it('emits the classes of parameters of decorated methods', () => {
    // The canary: mixed-up events are found at start by these, and injection rests on them; a tool that drops them fails here, not far away.
    expect(parameterTypes(Subject, 'method')).toEqual([Fact, EventContext, String]);
  });
});
