import 'reflect-metadata';
import { CommandBus, Repository } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { NestfoldCommandBus } from './bus/nestfold-command-bus.js';
import { MessageBus } from './bus/message-bus.js';
import { PlaceOrderHandler } from './shop.fixture.js';

// The canary: when the compiler stops emitting this, injection breaks far from its cause.
describe('emitted metadata', () => {
  it('names the classes of constructor parameters', () => {
    expect(Reflect.getMetadata('design:paramtypes', NestfoldCommandBus)).toEqual([MessageBus]);
    expect(Reflect.getMetadata('design:paramtypes', PlaceOrderHandler)).toEqual([Repository]);
    expect(NestfoldCommandBus.prototype).toBeInstanceOf(CommandBus);
  });
});
