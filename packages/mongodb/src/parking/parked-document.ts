import type { ParkedChanges, ParkedStream } from '@nestfold/core';
import type { AnyBulkWriteOperation, IndexDescription } from 'mongodb';

/** A parked stream as it is stored. */
export type ParkedDocument = Omit<ParkedStream, 'id'> & { readonly _id: string };

/** Finds a consumer's streams and counts the recent ones, and finds what was asked of a partition. */
export const PARKED_INDEXES: IndexDescription[] = [
  { name: 'consumer', key: { consumer: 1, at: 1 } },
  { name: 'requests', key: { key: 1, 'request.at': 1 } },
];

/** The parked stream that a document describes. */
export function parkedOf({ _id: id, ...rest }: ParkedDocument): ParkedStream {
  return { id, ...rest };
}

/** What a batch says of parked streams, as operations in order. */
export function parkedOperations({
  park = [],
  seen = [],
  unpark = [],
}: ParkedChanges): AnyBulkWriteOperation<ParkedDocument>[] {
  return [
    ...park.flatMap(({ id, answered, ...set }): AnyBulkWriteOperation<ParkedDocument>[] => [
      { updateOne: { filter: { _id: id }, update: { $set: set }, upsert: true } },
      // Another request may have come meanwhile: it is still to be answered.
      ...(answered === undefined
        ? []
        : [
            {
              updateOne: {
                filter: { _id: id, 'request.id': answered },
                update: { $unset: { request: true as const } },
              },
            },
          ]),
    ]),
    ...seen.map(({ id, seen: version }) => ({
      updateOne: { filter: { _id: id }, update: { $max: { seen: version } } },
    })),
    ...unpark.map((id) => ({ deleteOne: { filter: { _id: id } } })),
  ];
}
