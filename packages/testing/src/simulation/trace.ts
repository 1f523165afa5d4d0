/** What happened in a simulation, and a fingerprint of all of it: two runs are the same when their fingerprints are. */
export class Trace {
  private hash = 0x811c9dc5;
  private readonly kept: string[] = [];
  private readonly calls: string[] = [];

  /** Without `detailed` only what matters is kept as text; the fingerprint is the same. */
  constructor(
    private readonly now: () => number,
    private readonly detailed: boolean,
  ) {}

  /** Something that a reader of the trace wants to see. */
  note(what: string): void {
    this.mix(what);
    this.kept.push(this.line(what));
  }

  /** A call of a port; kept only where the trace is detailed. */
  call(process: string, name: string, what: string): void {
    this.mix(process);
    this.mix(name);
    if (!this.detailed) return;
    const line = this.line(`${process} ${name} ${what}`);
    this.calls.push(line);
    this.kept.push(line);
  }

  get fingerprint(): string {
    return this.hash.toString(16).padStart(8, '0');
  }

  /** The last lines, oldest first. */
  lines(count = Number.POSITIVE_INFINITY): readonly string[] {
    return this.kept.slice(-Math.min(count, this.kept.length));
  }

  private line(what: string): string {
    return `${(this.now() / 1000).toFixed(3).padStart(8)} s  ${what}`;
  }

  private mix(text: string): void {
    let hash = this.hash;
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    this.hash = Math.imul(hash ^ Math.round(this.now() * 1000), 0x01000193) >>> 0;
  }
}
