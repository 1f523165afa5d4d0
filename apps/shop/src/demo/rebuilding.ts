import { setTimeout as pause } from 'node:timers/promises';
import { must, mustAnswer } from './expectations.js';
import type { Stage } from './stage.js';
import type { Page, Order, ProjectionState, Rebuild } from './wire.js';

/** The projection whose documents `GET /orders/:id` shows. */
export const ORDERS = 'orders-read';

const PATIENCE_MS = 120_000;

/** Begins a rebuild, as an operator does. */
export async function beginRebuild({ admin }: Stage): Promise<Rebuild & { readonly location: string }> {
  const answer = await admin.post<Rebuild>(`/admin/projections/${ORDERS}/rebuild`);
  const rebuild = mustAnswer(answer, 202);
  const location = answer.headers.get('location') ?? '';
  must(location === `/admin/rebuilds/${rebuild.id}`, `the rebuild is not named by Location: '${location}'`);
  return { ...rebuild, location };
}

/** Follows a rebuild to its end. Throws `WrongStep` when it fails or takes more than two minutes. */
export async function rebuilt({ admin }: Stage, location: string): Promise<Rebuild> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const rebuild = mustAnswer(await admin.get<Rebuild>(location), 200);
    if (rebuild.state === 'done') {
      must(
        rebuild.endedAt !== undefined && rebuild.processed > 0,
        'a rebuild that is done does not say when, or what it read',
      );
      return rebuild;
    }
    must(rebuild.state === 'running', `the rebuild is ${rebuild.state}: ${rebuild.error?.message ?? ''}`);
    must(Date.now() < deadline, `the rebuild is still running after ${PATIENCE_MS / 1_000} s`);
    await pause(50);
  }
}

/** How the projection stands once it has applied everything. */
export async function quiet({ admin }: Stage): Promise<ProjectionState> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const state = mustAnswer(await admin.get<ProjectionState>(`/admin/projections/${ORDERS}`), 200);
    if (state.state === 'live' && state.lagEvents === 0) return state;
    must(Date.now() < deadline, `the projection is ${state.state}, ${state.lagEvents} events behind`);
    await pause(100);
  }
}

/** Every order, as the API lists them. */
export async function allOrders({ admin }: Stage): Promise<ReadonlyMap<string, Order>> {
  const orders = new Map<string, Order>();
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const listed = mustAnswer(await admin.get<Page<Order>>(`/orders?sort=createdAt&pageSize=100&page=${page}`), 200);
    for (const order of listed.items) orders.set(order.id, order);
    pages = listed.pages;
  }
  return orders;
}
