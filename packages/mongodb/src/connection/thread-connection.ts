import type { PayloadCodec, WorkerConnection } from '@nestfold/core';
import type { MongoOptions } from './mongo-options.js';

/** How another thread opens the same store; `undefined` where what it needs cannot be passed to it: a codec, or options that hold more than data. */
export function threadConnection(options: MongoOptions, codec: PayloadCodec | undefined): WorkerConnection | undefined {
  if (codec !== undefined || !isData(options)) return undefined;
  return { module: new URL('./connect-on-thread.js', import.meta.url).href, export: 'connectOnThread', options };
}

/** Whether a structured clone is the same: a function would throw, an instance would lose its class. */
function isData(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(isData);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isData);
}
