import type { Socket } from 'node:net';

/** So much of a connection waits here; then its sender's own buffers fill, as on any slow network. */
const HELD_BYTES = 64 * 1024;
/** Of a second: how long one connection has a slow network for itself. */
const TURN = 1 / 50;

/** What a network does to everything that goes one way through it, on all connections together. @internal */
export class Network {
  private readonly lines = new Set<Line>();
  private perSecond = Infinity;
  private isCut = false;
  private isForgetful = false;
  private freeAt = 0;

  get open(): boolean {
    return !this.isCut;
  }

  /** The most that one connection may send at a time, in bytes. */
  get turn(): number {
    return Math.max(1, Math.floor(this.perSecond * TURN));
  }

  join(from: Socket, to: Socket): Line {
    const line = new Line(this, from, to);
    if (this.isCut && this.isForgetful) line.forget();
    this.lines.add(line);
    to.on('close', () => this.lines.delete(line));
    return line;
  }

  /** Nothing passes. Where it forgets, nothing ever will on the connections of this time. */
  cut(isForgetful: boolean): void {
    this.isCut = true;
    this.isForgetful = isForgetful;
    if (isForgetful) for (const line of this.lines) line.forget();
  }

  slow(bytesPerSecond: number): void {
    this.perSecond = bytesPerSecond;
  }

  /** Everything passes again, what waits first. */
  pass(): void {
    this.isCut = false;
    this.perSecond = Infinity;
    this.freeAt = 0;
    for (const line of this.lines) line.wake();
  }

  /** Notes what passes, and answers how many milliseconds the next has to wait. */
  took(bytes: number): number {
    const now = performance.now();
    this.freeAt = Math.max(now, this.freeAt) + (bytes / this.perSecond) * 1_000;
    return this.freeAt - now;
  }
}

/** One way of a connection through a network: what is sent arrives in its order, when the network lets it, and its end behind all of it. @internal */
export class Line {
  private readonly waiting: Buffer[] = [];
  private bytes = 0;
  private isOver = false;
  private isForgotten = false;
  private turn: NodeJS.Timeout | undefined;

  constructor(
    private readonly network: Network,
    private readonly from: Socket,
    private readonly to: Socket,
  ) {}

  send(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.bytes += bytes.length;
    this.flow();
    if (this.bytes > HELD_BYTES) this.from.pause();
  }

  /** Nothing more comes. */
  end(): void {
    this.isOver = true;
    this.flow();
  }

  /** Nothing of it passes from now on, and neither end hears why. */
  forget(): void {
    this.isForgotten = true;
  }

  wake(): void {
    clearTimeout(this.turn);
    this.turn = undefined;
    this.flow();
  }

  private flow(): void {
    while (this.turn === undefined && this.network.open && !this.isForgotten) {
      if (this.to.destroyed) this.drop();
      const piece = this.take();
      if (piece === undefined) {
        if (this.isOver) this.to.destroySoon();
        return;
      }
      this.to.write(piece);
      if (this.bytes <= HELD_BYTES && this.from.isPaused()) this.from.resume();
      const waitMs = this.network.took(piece.length);
      if (waitMs > 0) this.turn = setTimeout(() => this.wake(), waitMs);
    }
  }

  /** What nobody is there to hear takes no time from others. */
  private drop(): void {
    this.waiting.length = 0;
    this.bytes = 0;
  }

  private take(): Buffer | undefined {
    const [first] = this.waiting;
    if (first === undefined) return undefined;
    const { turn } = this.network;
    if (first.length <= turn) this.waiting.shift();
    else this.waiting[0] = first.subarray(turn);
    const piece = first.subarray(0, turn);
    this.bytes -= piece.length;
    return piece;
  }
}
