/** How often calls of ports go wrong, and how. Probabilities are per call; times are milliseconds. */
export interface FaultRates {
  /** An ordinary call takes up to so long. */
  readonly latencyMs: number;
  /** A call takes up to `slowMs` instead. */
  readonly slow: number;
  readonly slowMs: number;
  /** A call fails and has no effect. */
  readonly failBefore: number;
  /** A call has its effect, and its answer is lost: the caller sees a failure. */
  readonly failAfter: number;
  /** A failure is answered, and the effect comes later. Appends only. */
  readonly effectLater: number;
  /** A call is never answered; whether it takes effect is chance. Only the end of its process helps. */
  readonly hang: number;
  /** An append stays open, with the time at which it began, up to `holdMs`. */
  readonly hold: number;
  readonly holdMs: number;
  /** A notice of a change gets lost. */
  readonly lostNotice: number;
}

/** Nothing goes wrong: what holds after the faults have healed. */
export const calm: FaultRates = {
  latencyMs: 2,
  slow: 0,
  slowMs: 0,
  failBefore: 0,
  failAfter: 0,
  effectLater: 0,
  hang: 0,
  hold: 0,
  holdMs: 0,
  lostNotice: 0,
};
