import { randomUUID } from 'node:crypto';
import { Decimal, sliceOf } from '@nestfold/core';
import { BSON, Timestamp } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { sampleAppend } from '../../test/sample-commit.js';
import { commitOf } from './commit-document.js';
import { MAX_COMMIT_BYTES, placed, prepareCommit } from './prepared-commit.js';
const RICH = sampleAppend('order-7f3', 'any', {
    keyed: true,
    bodyHash: 'f00',
    occurredAt: new Date('2020-02-29T12:00:00.123Z'),
    events: [
        { type: 'order.placed', schema: 2, data: { total: Decimal.of('12.50'), at: new Date(0), lines: [{ n: 1 }] } },
        { type: 'order.paid', schema: 1, data: {} },
    ],
    metadata: {
        correlationId: randomUUID(),
        causationId: 'order-1:4',
        actor: { id: 'ada', roles: ['admin'] },
        tenant: 'north',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        custom: { channel: 'web' },
    },
});
/** As it comes back from the server. */
function stored(document) {
    const back = BSON.deserialize(BSON.serialize(document));
    return { ...back, ts: new Timestamp({ t: 0x65, i: 0x0b }) };
}
describe('prepareCommit', () => {
    it('makes a document from which the commit comes back as it was', () => {
        const { document } = placed(prepareCommit(RICH, RICH.events, 5), 4);
        const { commitId: id, events, metadata, stream, bodyHash, occurredAt } = RICH;
        expect(commitOf(stored(document))).toStrictEqual({
            stream,
            firstVersion: 4,
            id,
            keyed: true,
            bodyHash,
            events,
            metadata,
            occurredAt,
            recordedAt: new Date(5),
            time: '000000650000000b',
        });
    });
    it('begins with the key, stream first, and names the slice', () => {
        const { document } = placed(prepareCommit(RICH, RICH.events, 5), 4);
        expect(Object.keys(document)[0]).toBe('_id');
        expect(Object.entries(document._id)).toEqual([
            ['s', 'order-7f3'],
            ['v', 4],
        ]);
        expect(document.h).toBe(sliceOf('order-7f3'));
    });
    it('says of decimals only where there are some, and of a key only where there is one', () => {
        const append = sampleAppend('order-1', 'any');
        const { document } = prepareCommit(append, append.events, 0);
        expect(Object.keys(document).toSorted()).toEqual(['_id', 'at', 'c', 'e', 'h', 'm', 'n', 'ts']);
    });
    it('keeps the clock that the decision saw', () => {
        const append = sampleAppend('order-1', 'any', { recordedAt: new Date(77) });
        expect(prepareCommit(append, append.events, 5).document.at).toEqual(new Date(77));
    });
    it.each([
        ['without events', { events: [] }],
        ['whose commit id is no UUID', { commitId: 'seven' }],
        ['with an invalid date', { occurredAt: new Date(Number.NaN) }],
        ['with an event without type', { events: [{ type: '', schema: 1, data: {} }] }],
        ['with a schema that is no number', { events: [{ type: 't', schema: 'x', data: {} }] }],
        [
            'with metadata that would not come back',
            { metadata: { correlationId: 'a', causationId: 'b', custom: { $x: 'y' } } },
        ],
        ['without metadata', { metadata: {} }],
    ])('refuses an append %s', (_, more) => {
        const append = sampleAppend('order-1', 'any', more);
        expect(() => prepareCommit(append, append.events, 0)).toThrow(expect.objectContaining({ code: 'event.invalid' }));
    });
    it('measures what its estimate takes for too large, and refuses only what is', () => {
        const ofTexts = (count) => sampleAppend('order-1', 'any', {
            events: [{ type: 't', schema: 1, data: { list: Array.from({ length: count }, () => 'x'.repeat(40)) } }],
        });
        const fits = ofTexts(140_000);
        const { bytes, document } = prepareCommit(fits, fits.events, 0);
        expect(bytes).toBe(BSON.calculateObjectSize(document));
        const large = ofTexts(180_000);
        expect(() => prepareCommit(large, large.events, 0)).toThrow(expect.objectContaining({ code: 'commit.too-large', stream: 'order-1', limit: MAX_COMMIT_BYTES }));
    });
});
