import type { UpdateFilter } from 'mongodb';
import type { EntryDocument } from './generation-document.js';

/** The update of an entry that makes a generation the live one, and the former live one the previous. */
export function pointerUpdate(
  { live, building, previous }: EntryDocument,
  number: number,
  marks: { readonly step: string; readonly swappedBy: string; readonly swappedAt: Date },
): UpdateFilter<EntryDocument> {
  const former = live === number ? previous : live;
  const $unset = {
    ...(building === number && { building: '' as const }),
    ...(former === undefined && { previous: '' as const }),
  };
  return {
    $set: { ...marks, live: number, ...(former !== undefined && { previous: former }) },
    ...(Object.keys($unset).length > 0 && { $unset }),
  };
}
