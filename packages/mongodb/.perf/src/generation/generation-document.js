/** The key of an entry. */
export function entryKey({ projection, version }) {
    return { projection, version };
}
/** The id of a generation. */
export function generationId({ projection, version }, number) {
    return `${projection}.${version}.${number}`;
}
/** The entry that a document describes. */
export function entryOf({ _id, numbers: _numbers, step: _step, ...entry }) {
    return { ..._id, ...entry };
}
/** The generation that a document describes. */
export function generationOf({ _id, ...generation }) {
    return { id: _id, ...generation };
}
/** The document of a generation that begins; its collections are named after it, so they are never used again either. */
export function newGenerationDocument(begun, number, startedAt) {
    const { projection, version, readModels, partitions, epoch, startedBy } = begun;
    return {
        _id: generationId(begun, number),
        projection,
        version,
        number,
        state: 'building',
        // The projection's name is in it: another one may have a read model of the same name.
        collections: Object.fromEntries(readModels.map((name) => [name, `${projection}.${name}.v${version}.g${number}`])),
        partitions,
        epoch,
        progress: { processed: 0, total: 0, rate: 0 },
        startedBy,
        startedAt,
    };
}
