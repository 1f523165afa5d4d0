import type { Commit, Metadata, RelayedCommit, StoredEvent } from '@nestfold/core';
import { fromEjson } from './ejson.js';
import { MessageHeaders, type ReceivedMessage } from './message-headers.js';
import { RELAY, readRelayHeader } from './relay-header.js';
import { storedSizeOf } from './stored-size.js';
import { Unreadable } from './unreadable.js';

const MAX_BYTES = 32 * 1024 * 1024;
/** A shorter text cannot hold more than a store takes. */
const SURELY_STORABLE = 1024 * 1024;
/** Below the 16 MB that a document may have: what cannot be kept cannot be parked either, and would stop its partition. */
const MAX_STORED = 14_000_000;
const MAX_EVENTS = 100_000;
const STREAM = /^[A-Za-z$][A-Za-z0-9_.$]*-[^\p{Cc}\p{Surrogate}]{1,512}$/u;
const TYPE = /^.{1,200}$/;
const ANYTHING = /./;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The commit in a message. Whoever may write to the topic can have written it: all of it is checked. Throws `Unreadable`. */
export function relayedCommitOf(message: ReceivedMessage): RelayedCommit {
  const { key, value } = message;
  if (key === null || value === null) throw new Unreadable('A message without key or value is no commit.');
  if (value.length > MAX_BYTES) throw new Unreadable(`The value has ${value.length} bytes.`);
  const headers = new MessageHeaders(message);
  const stream = key.toString('utf8');
  if (!STREAM.test(stream)) throw new Unreadable('The key is no name of a stream.');
  if (!headers.holds('stream', key)) throw new Unreadable(`The header 'stream' is not the key.`);
  const body = bodyOf(value);
  if (value.length > SURELY_STORABLE && storedSizeOf(body) > MAX_STORED)
    throw new Unreadable(`The value is larger than a store keeps.`);
  const events = eventsOf(body['events']);
  const count = whole(headers, 'count');
  if (count !== events.length) throw new Unreadable(`There are ${events.length} events where ${count} are announced.`);
  const { storeTime, relay } = relayOf(headers);
  const occurredAt = date(new Date(needed(headers, 'ce_time')), 'ce_time');
  const commit: Commit = {
    stream,
    firstVersion: whole(headers, 'version'),
    id: text(body['id'], 'id', UUID),
    keyed: false,
    events,
    metadata: metadataOf(body, headers),
    occurredAt,
    recordedAt: body['recordedAt'] === undefined ? occurredAt : date(body['recordedAt'], 'recordedAt'),
    time: storeTime,
  };
  return { commit, relay };
}

function relayOf(headers: MessageHeaders): NonNullable<ReturnType<typeof readRelayHeader>> {
  const read = readRelayHeader(headers.text(RELAY) ?? '');
  if (read === undefined) throw new Unreadable(`'${RELAY}' is missing or not what it should be.`);
  return read;
}

function bodyOf(value: Buffer): Record<string, unknown> {
  let body: unknown;
  try {
    body = fromEjson(value.toString('utf8'));
  } catch (error) {
    throw new Unreadable(`The value is no EJSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return record(body, 'The value');
}

function eventsOf(value: unknown): StoredEvent[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_EVENTS)
    throw new Unreadable(`'events' is no list of events.`);
  return value.map(eventOf);
}

function eventOf(item: unknown): StoredEvent {
  const { type, schema, data } = record(item, 'An event');
  if (typeof schema !== 'number' || !Number.isSafeInteger(schema) || schema < 1)
    throw new Unreadable(`An event has no version of its schema.`);
  return { type: text(type, 'type', TYPE), schema, data: record(data, `The data of an event`) };
}

/** No spreads: this is done for each message. */
function metadataOf({ actor, tenant, custom }: Record<string, unknown>, headers: MessageHeaders): Metadata {
  const traceparent = headers.text('traceparent');
  const metadata: Writable<Metadata> = {
    correlationId: needed(headers, 'correlationid'),
    causationId: needed(headers, 'causationid'),
  };
  if (actor !== undefined) metadata.actor = actorOf(actor);
  if (tenant !== undefined) metadata.tenant = text(tenant, 'tenant', /^/);
  if (traceparent !== undefined) metadata.traceparent = traceparent;
  if (custom !== undefined) metadata.custom = customOf(custom);
  return metadata;
}

function actorOf(value: unknown): NonNullable<Metadata['actor']> {
  const { id, roles } = record(value, 'actor');
  if (roles !== undefined && !(Array.isArray(roles) && roles.every((role) => typeof role === 'string')))
    throw new Unreadable(`'actor.roles' is no list of texts.`);
  return { id: text(id, 'actor.id', /^/), ...(roles !== undefined && { roles: roles }) };
}

function customOf(value: unknown): Readonly<Record<string, string>> {
  const entries = record(value, 'custom');
  if (!Object.values(entries).every((entry) => typeof entry === 'string'))
    throw new Unreadable(`'custom' holds something else than texts.`);
  return entries as Record<string, string>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function record(value: unknown, name: string): Record<string, unknown> {
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    Object.getPrototypeOf(value) !== Object.prototype
  )
    throw new Unreadable(`${name} is no object with fields.`);
  return value as Record<string, unknown>;
}

function text(value: unknown, name: string, form: RegExp): string {
  if (typeof value !== 'string' || !form.test(value))
    throw new Unreadable(`'${name}' is missing or not what it should be.`);
  return value;
}

function needed(headers: MessageHeaders, name: string): string {
  return text(headers.text(name), name, ANYTHING);
}

function whole(headers: MessageHeaders, name: string): number {
  const number = headers.whole(name);
  if (!(number >= 1)) throw new Unreadable(`'${name}' is no whole number from 1.`);
  return number;
}

function date(value: unknown, name: string): Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new Unreadable(`'${name}' is no date.`);
  return value;
}
