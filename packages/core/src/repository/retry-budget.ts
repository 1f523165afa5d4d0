import type { Environment } from '../environment/environment.port.js';

/** How often and how long a decision is made again after it lost a race. */
export interface RetryBudget {
  /** Decisions at most, the first one included; default 8. */
  readonly attempts?: number;
  /** Milliseconds since the first one, after which none begins; default 3,000. */
  readonly withinMs?: number;
}

const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 200;

/** The budget of one write: counts its attempts and spaces them. */
export class RetryClock {
  private readonly attempts: number;
  /** When the time is up. */
  readonly until: number;
  private made = 1;

  constructor(
    private readonly environment: Environment,
    budget: RetryBudget = {},
  ) {
    this.attempts = budget.attempts ?? 8;
    this.until = environment.now() + (budget.withinMs ?? 3000);
  }

  /** Waits and answers true where another attempt is within the budget. Full jitter, so that the losers of one race do not meet again in the next. */
  async again(): Promise<boolean> {
    if (this.made >= this.attempts) return false;
    const pause = this.environment.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.made);
    if (this.environment.now() + pause > this.until) return false;
    this.made += 1;
    await this.environment.sleep(pause);
    return true;
  }
}
