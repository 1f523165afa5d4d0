const HEADER = 16;
const OP_MSG = 2013;

/** What a proxy must know of a message between driver and server. */
export interface WireMessage {
  readonly requestId: number;
  readonly responseTo: number;
  /** The name of the command, where it is one. */
  readonly command: string | undefined;
  /** The collection, where the command names one. */
  readonly collection: string | undefined;
  readonly bytes: Buffer;
}

/** Cuts a stream of bytes into messages. */
export class MessageCutter {
  private rest: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): WireMessage[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: WireMessage[] = [];
    while (this.rest.length >= 4 && this.rest.length >= this.rest.readInt32LE(0)) {
      const length = this.rest.readInt32LE(0);
      messages.push(messageOf(this.rest.subarray(0, length)));
      this.rest = this.rest.subarray(length);
    }
    return messages;
  }
}

/** The first field of a command's document is its name, and its value the collection. */
function messageOf(bytes: Buffer): WireMessage {
  const base = { requestId: bytes.readInt32LE(4), responseTo: bytes.readInt32LE(8), bytes };
  const document = HEADER + 4 + 1;
  if (bytes.readInt32LE(12) !== OP_MSG || bytes[document - 1] !== 0)
    return { ...base, command: undefined, collection: undefined };
  const type = bytes[document + 4];
  const end = bytes.indexOf(0, document + 5);
  const command = bytes.toString('utf8', document + 5, end);
  const TEXT = 2;
  if (type !== TEXT) return { ...base, command, collection: undefined };
  const length = bytes.readInt32LE(end + 1);
  return { ...base, command, collection: bytes.toString('utf8', end + 5, end + 4 + length) };
}
