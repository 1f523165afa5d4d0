import { FedByAnotherStream } from '../error/read-side.errors.js';
import type { DocumentChange, StoredDocument } from '../read-model/document-change.js';
import type { StreamName } from '../stream/stream-name.js';

/** Under a symbol no condition can name it, and no copy for a reader has it. */
const FED_BY = Symbol('fed by');

type Fed = StoredDocument & { readonly [FED_BY]?: StreamName };

/** The document as `change` leaves it, bearing the stream that feeds it. */
export function feeding(document: StoredDocument, { fedBy }: DocumentChange): StoredDocument {
  return fedBy === undefined ? document : { ...document, [FED_BY]: fedBy };
}

/** The stream that feeds a document, where only one does. */
export function feederOf(document: StoredDocument): StreamName | undefined {
  return (document as Fed)[FED_BY];
}

/** Throws `FedByAnotherStream` when a present document is fed by another stream than the change's, or by nobody knows which. */
export function insistOnFeeder(
  collection: string,
  target: StoredDocument | undefined,
  { id, fedBy }: DocumentChange,
): void {
  if (fedBy === undefined || target === undefined) return;
  const own = feederOf(target) ?? '';
  if (own !== fedBy) throw new FedByAnotherStream(collection, id, fedBy, own);
}
