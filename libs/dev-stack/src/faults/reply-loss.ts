import type { Request } from './wire-message.js';

/** Which replies are lost: those to requests for which all of this holds. @publicApi */
export interface LostReplies {
  /** The command's name, such as `insert` of MongoDB and `Produce` of Kafka. Default: any. */
  readonly command?: string;
  /** The collection that the command names; none of Kafka's does. Default: any. */
  readonly collection?: string;
  /** What stands in the request somewhere, such as an id, as text or as bytes. Default: nothing. */
  readonly including?: string | Buffer;
  /** So many replies are lost, the rest passes. Default: all, until ended. */
  readonly times?: number;
  /** How the client notices: its connection ends, or nothing comes. */
  readonly by: 'closing' | 'silence';
}

/** Replies that are being lost. @publicApi */
export interface Loss {
  /** Fulfilled when the first reply is lost: the server has done what it was asked for. */
  readonly first: Promise<void>;
  /** How many replies were lost so far. */
  readonly lost: number;
  /** Everything passes again, replies to earlier requests as well. May be called twice. */
  end(): void;
}

/** A rule of a proxy while it is in force. @internal */
export class ReplyLoss implements Loss {
  readonly first: Promise<void>;
  lost = 0;
  private ended = false;
  private begin: () => void = () => undefined;

  constructor(private readonly rule: LostReplies) {
    this.first = new Promise((resolve) => (this.begin = resolve));
  }

  get by(): LostReplies['by'] {
    return this.rule.by;
  }

  get active(): boolean {
    return !this.ended && this.lost < (this.rule.times ?? Infinity);
  }

  fits({ command, collection }: Request, bytes: Buffer): boolean {
    const { rule } = this;
    return (
      this.active &&
      (rule.command === undefined || rule.command === command) &&
      (rule.collection === undefined || rule.collection === collection) &&
      (rule.including === undefined || bytes.includes(rule.including))
    );
  }

  note(): void {
    this.lost += 1;
    this.begin();
  }

  end(): void {
    this.ended = true;
  }
}
