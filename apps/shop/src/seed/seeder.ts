import { Injectable } from '@nestjs/common';
import { CommandBus, isNestfoldError, Repository, type Command } from '@nestfold/core';
import { InjectReadModel, InjectRepository, Nestfold, type ReadModel } from '@nestfold/nestjs';
import { ListProduct, ProductCatalog, RateProduct } from '@shop/catalog';
import { CustomerRecord, RegisterCustomer } from '@shop/customers';
import { ChangeOrderStatus, DraftOrder, OrderRead } from '@shop/orders';
import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from './in-parallel.js';
import type { SampleOrder } from './sample-orders.js';
import { commandsOf, samplesOf, type Samples } from './samples.js';
import { SAMPLES, Seeding } from './seeding.aggregate.js';

// As many customers at once: their appends leave together, several in one write of the database.
const WIDTH = 64;
const ATTEMPTS = 6;
const SETTLE_MS = 60_000;

/** What a seeding came to: `kept` where the shop held something already, `stopped` where it was interrupted. */
export interface SeedResult {
  readonly outcome: 'seeded' | 'kept' | 'stopped';
  readonly commands: number;
  readonly seconds: number;
}

/** How a seeding is watched and ended. */
export interface SeedOptions {
  readonly samples?: Samples;
  /** Hears of each command. */
  readonly progress?: (done: number, total: number) => void;
  /** Ends it between two commands; the next start completes it. */
  readonly signal?: AbortSignal;
}

/**
 * Fills an empty shop with samples, by the same commands that people send. Each has a key, so that a seeding which was
 * interrupted is repeated as a whole and takes effect once.
 */
@Injectable()
export class Seeder {
  constructor(
    private readonly commands: CommandBus,
    private readonly nestfold: Nestfold,
    @InjectRepository(Seeding) private readonly seedings: Repository<Seeding>,
    @InjectReadModel(ProductCatalog) private readonly products: ReadModel<ProductCatalog>,
    @InjectReadModel(CustomerRecord) private readonly customers: ReadModel<CustomerRecord>,
    @InjectReadModel(OrderRead) private readonly orders: ReadModel<OrderRead>,
  ) {}

  /** Does nothing unless the shop is empty or a seeding was interrupted. Throws what a command throws. */
  async seed({ samples = samplesOf(), progress = () => undefined, signal }: SeedOptions = {}): Promise<SeedResult> {
    const started = Date.now();
    const total = commandsOf(samples);
    let done = 0;
    const result = (outcome: SeedResult['outcome']): SeedResult => ({
      outcome,
      commands: done,
      seconds: (Date.now() - started) / 1_000,
    });
    const send = async <R>(key: string, command: Command<R>): Promise<R> => {
      const answer = await this.send(key, command);
      done += 1;
      progress(done, total);
      return answer;
    };

    if (!(await this.isWanted())) return result('kept');
    await this.seedings.save(SAMPLES, (seeding) => seeding.begin(total));
    const { products, customers, orders, ratings } = samples;
    await inParallel(
      products,
      WIDTH,
      (product) => send(`product:${product.productId}`, ListProduct.of(product)),
      signal,
    );
    await inParallel(
      customers,
      WIDTH,
      (customer) => send(`customer:${customer.customerId}`, RegisterCustomer.of(customer)),
      signal,
    );
    // Orders ask the read side for prices and addresses.
    if (signal?.aborted !== true) await this.nestfold.settled({ timeoutMs: SETTLE_MS });
    await inParallel(orders, WIDTH, (order, index) => this.order(order, index, send, signal), signal);
    await inParallel(
      ratings,
      WIDTH,
      (rating) => send(`rating:${rating.productId}:${rating.customerId}`, RateProduct.of(rating)),
      signal,
    );
    if (signal?.aborted === true) return result('stopped');
    await this.seedings.save(SAMPLES, (seeding) => seeding.complete(total));
    await this.nestfold.settled({ timeoutMs: SETTLE_MS });
    return result('seeded');
  }

  private async isWanted(): Promise<boolean> {
    const phase = (await this.seedings.load(SAMPLES))?.state.phase ?? 'none';
    if (phase !== 'none') return phase === 'begun';
    await this.nestfold.settled({ timeoutMs: SETTLE_MS });
    const counts = await Promise.all([this.products.count(), this.customers.count(), this.orders.count()]);
    return counts.every((count) => count === 0);
  }

  private async order(
    { customerId, items, stages }: SampleOrder,
    index: number,
    send: <R>(key: string, command: Command<R>) => Promise<R>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const draft = DraftOrder.of({ customerId, items, shippingAddress: undefined, billingAddress: undefined });
    const { id: orderId } = await send(`order:${index}`, draft);
    for (const status of stages) {
      if (signal?.aborted === true) return;
      const reason = status === 'cancelled' ? 'The customer changed their mind.' : '';
      await send(`order:${index}:${status}`, ChangeOrderStatus.of({ orderId, status, reason }));
    }
  }

  /** Repeats what may succeed later: the key makes that safe. */
  private async send<R>(key: string, command: Command<R>): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.commands.execute(command, {
          key,
          principal: 'seed',
          actor: { id: 'seed', roles: ['admin'] },
        });
      } catch (error) {
        if (!isNestfoldError(error) || error.retry === 'never' || attempt === ATTEMPTS) throw error;
        await pause(50 * 2 ** attempt);
      }
    }
  }
}
