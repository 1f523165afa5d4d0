import { projectionDefinitionOf } from '@nestfold/projections';
import type { Violation } from '../history/history.js';
import { judgeLag } from '../history/judge-read-side.js';
import type { Chance } from './chance.js';
import { judgeCluster, judgeLeftovers } from './judge-cluster.js';
import { mend, redrive } from './operator.js';

import type { Build, Scenario } from './scenario.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import type { SimulationProfile } from './simulation-profile.js';

/** Virtual time for everything to be applied after the faults have healed. */
const QUIET_MS = 30_000;
/** How long all must stay right. */
const STILL_MS = 400;
const LOOK_MS = 300;

/** What a cluster comes to when all faults have healed. */
export class Quiet {
  constructor(
    private readonly cluster: SimulatedCluster,
    private readonly scenario: Scenario,
    private readonly profile: SimulationProfile,
    private readonly chance: Chance,
    /** What the events handlers still have to do. */
    private readonly undelivered: () => Violation[],
  ) {}

  /** Waits until the judge has nothing to say, and keeps silent for a while: what is wrong after the patience is over stays wrong. */
  async violations(): Promise<Violation[]> {
    const { database } = this.cluster;
    const restless = await this.none(
      () => [...judgeCluster(database, this.scenario, this.builds), ...this.undelivered()],
      STILL_MS,
    );
    if (restless.length > 0) return restless;
    const left = await this.none(() => judgeLeftovers(database, this.builds), 0, this.dropMs);
    if (left.length > 0) {
      // What a crash has left the next process takes away.
      await this.cluster.spawn();
      const still = await this.none(() => judgeLeftovers(database, this.builds), 0);
      if (still.length > 0) return still;
    }
    return this.lag();
  }

  /** Those that run. */
  private get builds(): readonly Build[] {
    return [...new Set(this.cluster.alive.map(({ build }) => build))];
  }

  /** How long it takes until what nobody names any more is gone. */
  private get dropMs(): number {
    const { newer, keepMs, settings } = this.profile;
    return newer === undefined ? 0 : 1.5 * Math.max(...keepMs) + 2 * (settings.graceMs ?? 0) + 2_000;
  }

  private async none(judge: () => Violation[], forMs: number, patienceMs = QUIET_MS): Promise<Violation[]> {
    const { clock } = this.cluster.network;
    const deadline = clock.now() + patienceMs;
    let since: number | undefined;
    for (;;) {
      const found = judge();
      if (found.length > 0) since = undefined;
      else since ??= clock.now();
      if (since !== undefined && clock.now() - since >= forMs) return [];
      if (clock.now() >= deadline) return found;
      if (found.length > 0) this.operate();
      await clock.pass(LOOK_MS);
    }
  }

  /** An operator ends what was held back, and, since the bug is mended, has everything tried again that it held up. */
  private operate(): void {
    const { network, database } = this.cluster;
    const { process, engine } = this.chance.pick(this.cluster.alive);
    const projections = this.scenario.projections.map((one) => projectionDefinitionOf(one).name);
    const operating = async (): Promise<void> => {
      if (this.profile.troubles.some((trouble) => trouble === 'hold' || trouble === 'disturb'))
        await mend(engine, database, projections);
      if (this.profile.poison) await redrive(engine, this.chance);
    };
    operating().catch((error: unknown) => network.trace.call(process.name, 'operator', String(error)));
  }

  /** The processes know that nothing is left to do. */
  private async lag(): Promise<Violation[]> {
    const { clock } = this.cluster.network;
    const { engine, process } = this.chance.pick(this.cluster.alive);
    const asked = engine.settled({ timeoutMs: QUIET_MS }).then(() => engine.statuses());
    const answer = await Promise.race([asked, clock.pass(2 * QUIET_MS)]).catch((error: unknown) => String(error));
    if (Array.isArray(answer)) return judgeLag(answer);
    return [{ rule: 'settled', subject: process.name, message: `${process.name}: ${answer ?? 'hangs'}` }];
  }
}
