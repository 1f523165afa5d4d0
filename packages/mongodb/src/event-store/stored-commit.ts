import {
  storeTime,
  type Commit,
  type Metadata,
  type StoredEvent,
  type StoreTime,
  type StreamName,
} from '@nestfold/core';
import { BSON } from 'mongodb';
import { isText, KnownTexts } from './bson-text.js';
import { commitOf, type CommitDocument } from './commit-document.js';
import { BSON_TYPE, ODD, plainDocument, sizeOf } from './plain-bson.js';

/** What is read of a commit at once. */
interface Essence {
  readonly stream: StreamName;
  readonly firstVersion: number;
  readonly events: readonly StoredEvent[];
  /** Where in the bytes its time stands. */
  readonly timeAt: number;
}

/**
 * A commit of which stream, version and events are decoded at once, and all else when it is looked at: a fold that asks for no more does
 * without two thirds of the work, and what waits to be folded takes a third of the memory.
 */
class StoredCommit implements Commit {
  readonly stream: StreamName;
  readonly firstVersion: number;
  readonly events: readonly StoredEvent[];
  private readonly timeAt: number;
  private storedAt: StoreTime | undefined;
  private decoded: Commit | undefined;

  constructor(
    { stream, firstVersion, events, timeAt }: Essence,
    private readonly bytes: Buffer,
  ) {
    this.stream = stream;
    this.firstVersion = firstVersion;
    this.events = events;
    this.timeAt = timeAt;
  }

  get id(): string {
    return this.whole.id;
  }

  get keyed(): boolean {
    return this.whole.keyed;
  }

  // `!`: as any optional field, it may be missing.
  get bodyHash(): string {
    return this.whole.bodyHash!;
  }

  get metadata(): Metadata {
    return this.whole.metadata;
  }

  get occurredAt(): Date {
    return this.whole.occurredAt;
  }

  get recordedAt(): Date {
    return this.whole.recordedAt;
  }

  get time(): StoreTime {
    this.storedAt ??= storeTime(this.bytes.readUInt32LE(this.timeAt + 4), this.bytes.readUInt32LE(this.timeAt));
    return this.storedAt;
  }

  private get whole(): Commit {
    this.decoded ??= commitOf(BSON.deserialize(this.bytes) as CommitDocument);
    return this.decoded;
  }
}

/** Decodes commits of one read, which share names of streams, fields and types. */
export class CommitDecoder {
  private readonly names = new KnownTexts();
  private stream: StreamName = '';

  /** The commit in a stored document's bytes: the same as the driver would make of it. */
  decode(bytes: Uint8Array): Commit {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const essence = this.essence(buffer);
    return essence === ODD ? commitOf(BSON.deserialize(bytes) as CommitDocument) : new StoredCommit(essence, buffer);
  }

  private essence(bytes: Buffer): Essence | typeof ODD {
    const end = bytes.length - 1;
    let place: { stream: StreamName; firstVersion: number } | typeof ODD = ODD;
    let events: StoredEvent[] | typeof ODD = ODD;
    let timeAt = 0;
    for (let at = 4; at < end;) {
      const type = bytes[at]!;
      const nameEnd = bytes.indexOf(0, at + 1);
      const name = this.names.read(bytes, at + 1, nameEnd);
      const value = nameEnd + 1;
      const size = sizeOf(type, bytes, value);
      // A payload with decimals, marked by `x`, is the driver's to decode.
      if (size < 0 || name === 'x') return ODD;
      if (name === '_id') place = this.place(bytes, value);
      else if (name === 'e') events = this.events(bytes, value);
      else if (name === 'ts' && type === BSON_TYPE.timestamp) timeAt = value;
      at = value + size;
    }
    return place === ODD || events === ODD || timeAt === 0 ? ODD : { ...place, events, timeAt };
  }

  /** `{s, v}`, always in that order: it is part of the key. */
  private place(bytes: Buffer, start: number): { stream: StreamName; firstVersion: number } | typeof ODD {
    const text = start + 4;
    if (bytes[text] !== BSON_TYPE.text || bytes[text + 1] !== 0x73 || bytes[text + 2] !== 0) return ODD;
    const length = bytes.readInt32LE(text + 3) - 1;
    const name = text + 7;
    if (!isText(this.stream, bytes, name, length)) this.stream = bytes.toString('utf8', name, name + length);
    const number = name + length + 1;
    if (bytes[number + 1] !== 0x76 || bytes[number + 2] !== 0) return ODD;
    const firstVersion = numberAt(bytes[number]!, bytes, number + 3);
    return firstVersion === ODD ? ODD : { stream: this.stream, firstVersion };
  }

  private events(bytes: Buffer, start: number): StoredEvent[] | typeof ODD {
    const end = start + bytes.readInt32LE(start) - 1;
    const events: StoredEvent[] = [];
    for (let at = start + 4; at < end;) {
      const document = bytes.indexOf(0, at + 1) + 1;
      if (bytes[at] !== BSON_TYPE.document) return ODD;
      const event = this.event(bytes, document);
      if (event === ODD) return ODD;
      events.push(event);
      at = document + bytes.readInt32LE(document);
    }
    return events;
  }

  private event(bytes: Buffer, start: number): StoredEvent | typeof ODD {
    const end = start + bytes.readInt32LE(start) - 1;
    let type: string | undefined;
    let schema: number | undefined;
    let data: object | undefined;
    for (let at = start + 4; at < end;) {
      const kind = bytes[at]!;
      const value = at + 3;
      // One letter and its end.
      if (bytes[at + 2] !== 0) return ODD;
      const letter = bytes[at + 1];
      if (letter === 0x74 && kind === BSON_TYPE.text)
        type = this.names.read(bytes, value + 4, value + 3 + bytes.readInt32LE(value));
      else if (letter === 0x6b) {
        const number = numberAt(kind, bytes, value);
        if (number === ODD) return ODD;
        schema = number;
      } else if (letter === 0x64 && kind === BSON_TYPE.document) {
        const plain = plainDocument(bytes, value, this.names);
        if (plain === ODD) return ODD;
        data = plain;
      } else return ODD;
      at = value + sizeOf(kind, bytes, value);
    }
    return type === undefined || schema === undefined || data === undefined ? ODD : { type, schema, data };
  }
}

function numberAt(type: number, bytes: Buffer, at: number): number | typeof ODD {
  if (type === BSON_TYPE.int32) return bytes.readInt32LE(at);
  if (type === BSON_TYPE.double) return bytes.readDoubleLE(at);
  return type === BSON_TYPE.int64 ? Number(bytes.readBigInt64LE(at)) : ODD;
}
