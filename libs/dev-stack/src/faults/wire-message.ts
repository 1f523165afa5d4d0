const HEADER_BYTES = 16;
const OP_MSG = 2013;
const BODY = 0;
const TEXT = 2;

/** What a proxy must know of a message between driver and server. @internal */
export interface WireMessage {
  readonly requestId: number;
  readonly responseTo: number;
  /** The name of the command, where it is one. */
  readonly command: string | undefined;
  /** The collection, where the command names one. */
  readonly collection: string | undefined;
  readonly bytes: Buffer;
}

/** Cuts a stream of bytes into messages, each of which begins with its length. @internal */
export class MessageCutter {
  private rest: Buffer = Buffer.alloc(0);

  *add(chunk: Buffer): Iterable<WireMessage> {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= HEADER_BYTES) {
      const length = this.rest.readInt32LE(0);
      if (this.rest.length < length) return;
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      yield messageOf(message);
    }
  }
}

/** The first field of a command's document is its name, and its value the collection. */
function messageOf(bytes: Buffer): WireMessage {
  const base = { requestId: bytes.readInt32LE(4), responseTo: bytes.readInt32LE(8), bytes };
  // Behind the header stand 4 bytes of flags and the kind of the first section.
  const document = HEADER_BYTES + 4 + 1;
  if (bytes.readInt32LE(12) !== OP_MSG || bytes[document - 1] !== BODY)
    return { ...base, command: undefined, collection: undefined };
  const end = bytes.indexOf(0, document + 5);
  const command = bytes.toString('utf8', document + 5, end);
  if (bytes[document + 4] !== TEXT) return { ...base, command, collection: undefined };
  const length = bytes.readInt32LE(end + 1);
  return { ...base, command, collection: bytes.toString('utf8', end + 5, end + 4 + length) };
}
