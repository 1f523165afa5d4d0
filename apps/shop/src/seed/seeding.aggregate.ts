import { Aggregate, AggregateRoot, Apply, DomainEvent } from '@nestfold/core';

/** The shop begins to be filled with samples. */
@DomainEvent('seeding.begun')
export class SeedingBegun {
  commands!: number;
}

/** All samples are in the shop. */
@DomainEvent('seeding.completed')
export class SeedingCompleted {
  commands!: number;
}

/** How far the samples are. */
export class SeedingState {
  phase: 'none' | 'begun' | 'completed' = 'none';
}

/** The id of the shop's seeding: its stream is `seeding-samples`. */
export const SAMPLES = 'samples';

/** Remembers that the samples were begun, so that an interrupted seeding is completed at the next start. */
@Aggregate('seeding', { state: SeedingState, events: [SeedingBegun, SeedingCompleted] })
export class Seeding extends AggregateRoot<SeedingState> {
  begin(commands: number): void {
    if (this.state.phase === 'none') this.emit(SeedingBegun, { commands });
  }

  complete(commands: number): void {
    if (this.state.phase === 'begun') this.emit(SeedingCompleted, { commands });
  }

  @Apply(SeedingBegun) protected begun(): void {
    this.state.phase = 'begun';
  }

  @Apply(SeedingCompleted) protected completed(): void {
    this.state.phase = 'completed';
  }
}
