import { Aggregate, AggregateRoot, AggregateRepository, Apply, DomainEvent, inMemory } from '@nestfold/core';

/** What the README of core imports. */
export const imported = [Aggregate, AggregateRoot, AggregateRepository, Apply, DomainEvent, inMemory];
