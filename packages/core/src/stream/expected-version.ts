declare const LOADED: unique symbol;

/** A version that a load returned, so surely the end of a commit; only stores make it. */
export interface LoadedVersion {
  readonly kind: 'loaded';
  readonly version: number;
  readonly [LOADED]: true;
}

/** A version that somebody stated (`If-Match`): compared with the head before anything is appended. */
export interface StatedVersion {
  readonly kind: 'stated';
  readonly version: number;
}

/** The concurrency guard of an append: where the writer believes the stream to end. */
export type ExpectedVersion = LoadedVersion | StatedVersion | 'noStream' | 'streamExists' | 'any';

/** For adapters: brands a version read from the store; 0 is a stream without events. */
export function loadedVersion(version: number): LoadedVersion {
  return { kind: 'loaded', version } as LoadedVersion;
}

/** Names a version from outside, such as an `If-Match` header. */
export function statedVersion(version: number): StatedVersion {
  return { kind: 'stated', version };
}

/** Says an expected version in words, for messages. */
export function describeExpected(expected: ExpectedVersion): string {
  if (typeof expected !== 'string') return `version ${expected.version}`;
  return { noStream: 'no stream', streamExists: 'an existing stream', any: 'any version' }[expected];
}
