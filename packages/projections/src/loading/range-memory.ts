import type { Checkpoint, StreamName } from '@nestfold/core';
import { DocumentMemory } from '../fold/document-memory.js';
import type { ReadyBatch } from '../running/ready-batch.js';

/**
 * What a range knows of its documents without reading them. Each is fed by one stream, and nothing is there before its stream: so of a batch
 * that begins with a stream no document is stored yet, and of a stream that goes on those are known that its earlier batches made.
 */
export class RangeMemory {
  private memory: DocumentMemory;
  private stream: StreamName | undefined;

  /** `last`: where it goes on; of that stream's documents nothing is known. */
  constructor({ last }: Pick<Checkpoint, 'last'>) {
    this.memory = new DocumentMemory(last === undefined);
    this.stream = last?.stream;
  }

  get current(): DocumentMemory {
    return this.memory;
  }

  /** To be called before a batch is written. */
  begin({ deliveries }: Pick<ReadyBatch, 'deliveries'>): void {
    const first = deliveries[0]?.commit.stream;
    if (first === undefined) return;
    if (first !== this.stream) this.memory = new DocumentMemory(true);
    this.stream = deliveries.at(-1)?.commit.stream;
  }
}
