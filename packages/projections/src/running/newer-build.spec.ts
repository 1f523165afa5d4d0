import { describe, expect, it, vi } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { append, memory } from '../fixtures/store.fixture.js';
import {
  newEvents,
  NewParcels,
  oldEvents,
  OldParcels,
  Parcel,
  ParcelSent,
  ParcelSentV1,
} from '../fixtures/versions.fixture.js';

endEnginesAfterEach();

const KEY = 'parcels.1.1/0';
const before = (id: string) => oldEvents.newEvent(ParcelSentV1, { parcelId: id });
const after = (id: string) => newEvents.newEvent(ParcelSent, { parcelId: id, carrier: 'ship' });
const parcels = async (one: ProjectionEngine): Promise<Record<string, number>> =>
  Object.fromEntries((await one.readModel(Parcel).find({ sort: { _id: 1 } })).map(({ _id, sent }) => [_id, sent]));

describe('an event of a newer build', () => {
  it('is left to the processes that compiled it: what stands before it is applied, and nobody else takes the partition [D-3]', async () => {
    const store = await memory();
    await append(store, 'parcel-1', before('1'));
    const old = await started(store, [OldParcels], { types: oldEvents });
    await old.settled();
    await append(store, 'parcel-1', before('1'));
    await append(store, 'parcel-2', after('2'));
    await append(store, 'parcel-1', before('1'));
    await vi.waitFor(async () => expect(await old.status('parcels')).toMatchObject({ state: 'waiting' }), 10_000);
    expect(await store.leases.findAll([KEY])).toMatchObject([{ needs: 'parcel.sent@2', isExpired: true }]);
    expect(await old.status('parcels')).toMatchObject({ partitions: [{ needs: 'parcel.sent@2', lagEvents: 2 }] });
    expect(await parcels(old)).toEqual({ '1': 2 });
    expect(old.readiness().ready).toBe(true);
    await expect(old.settled({ timeoutMs: 50 })).rejects.toThrow(/newer build/);

    // Another one that knows no more says the same, and does not take it.
    const token = (await store.leases.findAll([KEY]))[0]?.token;
    const other = await started(store, [OldParcels], { types: oldEvents });
    await vi.waitFor(async () => expect(await other.status('parcels')).toMatchObject({ state: 'waiting' }), 10_000);
    await vi.waitFor(async () => expect((await store.nodes.list()).length).toBe(2), 10_000);
    expect((await store.leases.findAll([KEY]))[0]?.token).toBe(token);

    const young = await started(store, [NewParcels], { types: newEvents });
    await young.settled();
    expect(await parcels(young)).toEqual({ '1': 3, '2': 1 });
    expect((await store.leases.findAll([KEY]))[0]).not.toHaveProperty('needs');
    for (const one of [old, other, young])
      await vi.waitFor(async () => expect(await one.status('parcels')).toMatchObject({ state: 'live' }), 10_000);
    expect(await old.status('parcels')).toMatchObject({
      partitions: [{ owner: (await young.status('parcels')).partitions[0]?.owner }],
    });
  });

  // Without `knows` (at the acquisition and in `PartitionClaims`: either is enough here) the old ones took it again and again: the token rose.
  it('is not tried again by processes that do not know it', async () => {
    const store = await memory();
    await append(store, 'parcel-1', after('1'));
    const old = await started(store, [OldParcels], { types: oldEvents });
    await vi.waitFor(async () => expect(await old.status('parcels')).toMatchObject({ state: 'waiting' }), 10_000);
    const [lease] = await store.leases.findAll([KEY]);
    await started(store, [OldParcels], { types: oldEvents });
    const until = Date.now() + 1_000;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(until), { timeout: 10_000 });
    expect(await store.leases.findAll([KEY])).toEqual([lease]);
  });

  it('waits in a handler too [D-3]', async () => {
    const store = await memory();
    const handled: string[] = [];
    class OldMails {
      handle({ parcelId }: ParcelSentV1): void {
        handled.push(`old ${parcelId}`);
      }
    }
    class NewMails {
      handle({ parcelId }: ParcelSent): void {
        handled.push(`new ${parcelId}`);
      }
    }
    EventsHandler(ParcelSentV1, { name: 'mails', startFrom: 'beginning' })(OldMails);
    EventsHandler(ParcelSent, { name: 'mails', startFrom: 'beginning' })(NewMails);
    const oldMails = { definition: eventsHandlerDefinitionOf(OldMails), instance: new OldMails() };
    const newMails = { definition: eventsHandlerDefinitionOf(NewMails), instance: new NewMails() };
    await append(store, 'parcel-1', before('1'));
    await append(store, 'parcel-2', after('2'));
    const old = await started(store, [], { types: oldEvents, handlers: [oldMails] });
    const other = await started(store, [], { types: oldEvents, handlers: [oldMails] });
    for (const one of [old, other])
      await vi.waitFor(async () => expect(await one.handlerStatuses()).toMatchObject([{ state: 'waiting' }]), 10_000);
    const leases = await store.leases.findAll(['handler:mails']);
    expect(leases).toMatchObject([{ needs: 'parcel.sent@2' }]);
    // Without `knows` at its acquisition they took it again with each heartbeat: the token rose.
    const until = Date.now() + 800;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(until), { timeout: 10_000 });
    expect(await store.leases.findAll(['handler:mails'])).toEqual(leases);
    const young = await started(store, [], { types: newEvents, handlers: [newMails] });
    await young.settled();
    expect(handled).toEqual(['old 1', 'new 2']);
    await vi.waitFor(async () => expect(await old.handlerStatuses()).toMatchObject([{ state: 'elsewhere' }]), 10_000);
  });
});
