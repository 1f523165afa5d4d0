import { Unreadable } from './unreadable.js';

/** A message as a broker gives it. */
export interface ReceivedMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

const [ZERO, NINE] = [0x30, 0x39];
/** Of more digits a number need not be exact. */
const MOST_DIGITS = 16;

/** The headers of a message. One that was given several times is none that we wrote: asking for it throws `Unreadable`. */
export class MessageHeaders {
  private readonly headers: Readonly<Record<string, unknown>>;

  constructor({ headers = {} }: ReceivedMessage) {
    this.headers = headers;
  }

  /** A header as text; `undefined` for none. */
  text(name: string): string | undefined {
    return this.bytes(name)?.toString('utf8');
  }

  /** Whether a header is there, and holds this. */
  holds(name: string, bytes: Buffer): boolean {
    return this.bytes(name)?.equals(bytes) === true;
  }

  /** A header that is a whole number, which is read without a text in between; NaN for none, and for one that is not exact. */
  whole(name: string): number {
    const bytes = this.bytes(name);
    if (bytes === undefined || bytes.length === 0 || bytes.length > MOST_DIGITS) return NaN;
    let number = 0;
    for (const byte of bytes) {
      if (byte < ZERO || byte > NINE) return NaN;
      // The digit by itself: with the sign's code added first, the last numbers that are exact would be rounded.
      number = 10 * number + (byte - ZERO);
    }
    return Number.isSafeInteger(number) ? number : NaN;
  }

  private bytes(name: string): Buffer | undefined {
    const { headers } = this;
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (value === undefined || Buffer.isBuffer(value)) return value;
    if (typeof value === 'string') return Buffer.from(value);
    throw new Unreadable(`The header '${name}' is no single text.`);
  }
}
