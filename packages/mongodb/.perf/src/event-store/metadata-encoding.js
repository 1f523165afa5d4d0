import { InvalidEvent } from '@nestfold/core';
import { encodePayload } from '../connection/payload-encoding.js';
/** Metadata as it is stored, and its bytes: never too few. Throws `InvalidEvent` for what is no metadata: it would fail with its whole insert. */
export function encodeMetadata(metadata) {
    const { correlationId, causationId, actor, tenant, traceparent, custom } = metadata;
    const document = {
        c: text(correlationId, 'correlationId'),
        u: text(causationId, 'causationId'),
    };
    let bytes = 64 + 3 * (correlationId.length + causationId.length);
    if (actor !== undefined) {
        const encoded = encodePayload('metadata.actor', actor);
        document.a = encoded.data;
        bytes += encoded.bytes;
    }
    if (tenant !== undefined) {
        document.t = text(tenant, 'tenant');
        bytes += 3 * tenant.length;
    }
    if (traceparent !== undefined) {
        document.p = text(traceparent, 'traceparent');
        bytes += 3 * traceparent.length;
    }
    if (custom !== undefined) {
        const encoded = encodePayload('metadata.custom', custom);
        document.x = encoded.data;
        bytes += encoded.bytes;
    }
    return { document, bytes };
}
function text(value, name) {
    if (typeof value === 'string')
        return value;
    throw new InvalidEvent(`The metadata's ${name} is no text.`, { path: `metadata.${name}` });
}
