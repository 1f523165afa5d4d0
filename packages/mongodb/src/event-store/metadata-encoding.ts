import { InvalidEvent, type Metadata } from '@nestfold/core';
import { encodePayload } from '../connection/payload-encoding.js';
import type { MetadataDocument } from './commit-document.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Metadata as it is stored, and its bytes: never too few. Throws `InvalidEvent` for what is no metadata: it would fail with its whole insert. */
export function encodeMetadata(metadata: Metadata): { readonly document: MetadataDocument; readonly bytes: number } {
  const { correlationId, causationId, actor, tenant, traceparent, custom } = metadata;
  const document: Writable<MetadataDocument> = {
    c: text(correlationId, 'correlationId'),
    u: text(causationId, 'causationId'),
  };
  let bytes = 64 + 3 * (correlationId.length + causationId.length);
  if (actor !== undefined) {
    const encoded = encodePayload('metadata.actor', actor);
    document.a = encoded.data as NonNullable<Metadata['actor']>;
    bytes += encoded.bytes;
  }
  if (tenant !== undefined) {
    document.t = text(tenant, 'tenant');
    bytes += 3 * tenant.length;
  }
  if (traceparent !== undefined) {
    document.p = text(traceparent, 'traceparent');
    bytes += 3 * traceparent.length;
  }
  if (custom !== undefined) {
    const encoded = encodePayload('metadata.custom', custom);
    document.x = encoded.data as NonNullable<Metadata['custom']>;
    bytes += encoded.bytes;
  }
  return { document, bytes };
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new InvalidEvent(`The metadata's ${name} is no text.`, { path: `metadata.${name}` });
}
