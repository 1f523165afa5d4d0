import { projectionDefinitionOf, type ProjectionEngine, type Slicing } from '@nestfold/projections';
import type { Chance } from './chance.js';
import { buildsIn, disturb, redrive, toggle } from './operator.js';
import type { Build, Scenario } from './scenario.js';
import type { Member, SimulatedCluster } from './simulated-cluster.js';
import type { SimulationProfile, Trouble } from './simulation-profile.js';

/** Makes trouble, as the seed says: kills, pauses, lost history, rebuilds and their cancels. */
export class Nemesis {
  /** Troubles made, by kind: a run without any proves little. */
  readonly made = new Map<string, number>();
  private readonly leaving = new Set<Member>();
  private isOver = false;

  constructor(
    private readonly cluster: SimulatedCluster,
    private readonly scenario: Scenario,
    private readonly profile: SimulationProfile,
    private readonly chance: Chance,
  ) {}

  /** Goes on for the profile's time. */
  async run(): Promise<void> {
    const { clock } = this.cluster.network;
    const end = clock.now() + this.profile.activeMs;
    const { troubles, troubleMs } = this.profile;
    while (clock.now() < end) {
      await clock.pass(Math.min(this.chance.between(0, 2 * troubleMs), end - clock.now()));
      if (clock.now() >= end) return;
      this.replaceHung();
      if (troubles.length > 0) this.make(this.chance.pick(troubles));
    }
  }

  /** Everything works again: what is paused goes on, what hangs is replaced, and as many processes run as there should. */
  async heal(): Promise<void> {
    this.isOver = true;
    this.replaceHung();
    for (const member of this.leaving) this.cluster.kill(member);
    for (const { process } of this.cluster.alive) process.resume();
    if (this.profile.newer !== undefined) this.settleBuilds();
    while (this.cluster.alive.length < this.profile.processes) await this.cluster.spawn();
  }

  /** Whoever cannot read what was appended is no use in the end. */
  private settleBuilds(): void {
    const { cluster, scenario, profile } = this;
    const [newer] = scenario.newer ?? [];
    if (newer === undefined) return;
    const isReader = ({ types }: Build): boolean =>
      cluster.database.log.every(({ events }) =>
        events.every(({ type, schema }) => types.judge(type, schema) === 'known'),
      );
    if (profile.ends === 'mixed' && cluster.alive.some(({ build }) => isReader(build))) return;
    cluster.deployed = profile.ends === 'newer' || !isReader(scenario) ? newer : scenario;
    for (const member of cluster.alive) if (member.build !== cluster.deployed) cluster.kill(member);
  }

  private make(trouble: Trouble): void {
    this.made.set(trouble, (this.made.get(trouble) ?? 0) + 1);
    const member = this.chance.pick(this.cluster.alive.length > 0 ? this.cluster.alive : this.cluster.members);
    const { network, database } = this.cluster;
    switch (trouble) {
      case 'kill':
        return this.killForATime(member);
      case 'pause':
        return this.pauseForATime(member);
      case 'blackout':
        return this.cluster.alive.forEach((one) =>
          this.chance.happens(0.5) ? this.killForATime(one) : this.pauseForATime(one),
        );
      case 'lose-history':
        network.trace.note('the feed loses its history');
        return database.loseHistory();
      case 'sweep':
        return this.sweep();
      case 'restart':
        return this.restart(member);
      case 'rebuild':
        return this.rebuild(member);
      case 'rollback':
        return this.ask(member, 'roll back', (engine, name) => engine.rollback(name, 'nemesis'));
      case 'redrive':
        return this.ask(member, 'redrive', (engine) => redrive(engine, this.chance));
      case 'hold':
        return this.ask(member, 'pause or resume', (engine, name) => toggle(engine, name, this.chance));
      case 'disturb':
        return this.ask(member, 'disturb a build', (engine) => disturb(engine, database, this.chance));
      case 'cancel':
        return this.cancel(member);
      case 'deploy':
        return this.deploy();
      case 'rebuild-stream':
        return this.rebuildStream(member);
    }
  }

  private killForATime(member: Member): void {
    this.cluster.kill(member);
    this.cluster.network.clock.after(this.downTime(), () => {
      if (!this.isOver && this.cluster.alive.length < this.profile.processes + 1) void this.cluster.spawn();
    });
  }

  private pauseForATime({ process }: Member): void {
    if (process.state !== 'running') return;
    const { clock, trace } = this.cluster.network;
    trace.note(`${process.name} is paused`);
    process.pause();
    clock.after(this.downTime(), () => {
      if (process.state === 'paused') trace.note(`${process.name} goes on`);
      process.resume();
    });
  }

  /** Mostly shorter than a lease or about as long; now and then longer than watermarks are kept. */
  private downTime(): number {
    const { horizonSeconds, settings } = this.profile;
    const lease = settings.leaseMs ?? 1_000;
    return this.chance.happens(0.2) ? 3_000 * horizonSeconds : this.chance.between(0, 2 * lease);
  }

  private replaceHung(): void {
    for (const member of this.cluster.alive)
      if (member.process.isHung) {
        this.cluster.kill(member);
        void this.cluster.spawn();
      }
  }

  /** Anyone may delete watermarks that lie before the floor: somebody does who is neither paused nor dead. */
  private sweep(): void {
    const { database, network } = this.cluster;
    network.trace.note('watermarks are swept');
    const sweepAll = async (): Promise<void> => {
      const { connection } = await this.cluster.client('sweeper');
      for (const key of [...database.checkpoints.keys()]) {
        const floor = (await connection.checkpoints.find(key))?.floor;
        if (floor !== undefined) await connection.checkpoints.sweep(key, floor);
      }
    };
    sweepAll().catch((error: unknown) => network.trace.call('sweeper', 'sweep', String(error)));
  }

  private rebuild(member: Member): void {
    const partitions = this.chance.whole(1, 4);
    this.ask(member, `rebuild (${partitions} partitions)`, (engine, name, slicing) =>
      engine.rebuild(name, 'nemesis', slicing === 'stream' ? { partitions } : {}),
    );
  }

  /** Asks a process for something; it may be dead, and it may refuse. */
  private ask(
    { engine, process }: Member,
    what: string,
    asked: (engine: ProjectionEngine, projection: string, slicing: Slicing) => Promise<unknown>,
  ): void {
    const { name, slicing } = projectionDefinitionOf(this.chance.pick(this.scenario.projections));
    const { trace } = this.cluster.network;
    trace.note(`${process.name} is asked to ${what}: ${name}`);
    process.whenRunning(() =>
      asked(engine, name, slicing).catch((error: unknown) => trace.call(process.name, what, String(error))),
    );
  }

  /** As a rolling deploy does: the process lets go, and another one takes its place. */
  private restart(member: Member): void {
    const { process, engine } = member;
    this.cluster.network.trace.note(`${process.name} is told to stop`);
    this.leaving.add(member);
    process.whenRunning(() =>
      engine.stop().then(() => {
        if (process.isDead) return;
        this.cluster.kill(member);
        void this.cluster.spawn();
      }),
    );
  }

  /** The other build takes the place of this one, process by process; or is taken back while that goes on. */
  private deploy(): void {
    const { cluster, scenario } = this;
    const [newer] = scenario.newer ?? [];
    if (newer === undefined) return;
    cluster.deployed = cluster.deployed === newer ? scenario : newer;
    cluster.network.trace.note(`${cluster.deployed.name} is deployed`);
    let after = 0;
    for (const member of cluster.alive) {
      if (member.build === cluster.deployed || this.leaving.has(member)) continue;
      cluster.network.clock.after(after, () => {
        if (!this.isOver && !member.process.isDead) this.restart(member);
      });
      after += this.chance.between(0, 800);
    }
  }

  private rebuildStream(member: Member): void {
    const stream = this.chance.pick(this.scenario.streams);
    this.ask(member, `rebuild ${stream}`, (engine, name) => engine.rebuildStream(name, stream, 'nemesis'));
  }

  private cancel({ engine, process }: Member): void {
    const builds = buildsIn(this.cluster.database);
    if (builds.length === 0) return;
    const id = this.chance.pick(builds);
    this.cluster.network.trace.note(`${process.name} is asked to cancel ${id}`);
    process.whenRunning(() =>
      engine
        .cancelRebuild(id)
        .catch((error: unknown) => this.cluster.network.trace.call(process.name, 'cancel', String(error))),
    );
  }
}
