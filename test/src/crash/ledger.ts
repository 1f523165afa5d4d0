import type { Addition, WorkerReport } from './worker-protocol.js';

type Note = Extract<WorkerReport, { kind: 'asked' | 'acknowledged' | 'refused' }>;

/** Which additions were asked for, and what came of each, as their askers saw it. */
export class Ledger {
  readonly asked = new Map<string, Addition>();
  /** Acknowledged ones with the version that was answered. */
  readonly acknowledged = new Map<string, number>();
  readonly refusals: { ref: string; code: string; message: string }[] = [];
  /** Answers that contradict an earlier one to the same ref. */
  readonly contradictions: string[] = [];
  /** How many acknowledgements said that an earlier attempt had done it. */
  repeated = 0;

  note(report: Note): void {
    if (report.kind === 'asked') {
      this.asked.set(report.ref, { ref: report.ref, tallyId: report.tallyId, by: report.by });
    } else if (report.kind === 'refused') {
      this.refusals.push(report);
    } else {
      const before = this.acknowledged.get(report.ref);
      if (before !== undefined && before !== report.version) {
        this.contradictions.push(`${report.ref} was at version ${before}, then at ${report.version}`);
      }
      this.acknowledged.set(report.ref, report.version);
      if (report.repeated) this.repeated += 1;
    }
  }

  /** Asked for, but without an answer: they may have taken effect or not. */
  get open(): Addition[] {
    return [...this.asked.values()].filter(({ ref }) => !this.acknowledged.has(ref));
  }
}
