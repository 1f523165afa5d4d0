/** What a proxy must know of a request on its way to a server. @internal */
export interface Request {
  /** What the reply names it by. */
  readonly id: number;
  /** The name of the command, where it is one. */
  readonly command: string | undefined;
  /** The collection, where the command names one. */
  readonly collection: string | undefined;
}

/** How a server and its clients speak. @internal */
export interface WireProtocol {
  /** How many bytes of a message tell how long it is; there are never fewer in one. */
  readonly headerBytes: number;
  /** The bytes of the whole message that begins here. */
  lengthOf(header: Buffer): number;
  requestIn(message: Buffer): Request;
  /** Which request this is the reply to. */
  answeredBy(message: Buffer): number;
}

/** Cuts a stream of bytes into messages, each of which begins with its length. @internal */
export class MessageCutter {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly protocol: WireProtocol) {}

  *add(chunk: Buffer): Iterable<Buffer> {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= this.protocol.headerBytes) {
      const length = this.protocol.lengthOf(this.rest);
      if (this.rest.length < length) return;
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      yield message;
    }
  }
}
