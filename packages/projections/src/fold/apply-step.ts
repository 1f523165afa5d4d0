import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import type { Author, DocumentState } from './document-state.js';
import { notApplied } from './not-applied.js';
import type { Overlay } from './overlay.js';
import { documentOf, type Step } from './step.js';
import { copyOf } from './storable.js';

type DocumentStep = Exclude<Step, { kind: 'patchWhere' }>;

/** Reads documents of a model into the overlay. */
export type Read = (model: ReadModelDefinition, ids: readonly string[]) => Promise<void>;

/** Does one write to the overlay where that needs nothing of the store. Answers false, and has done nothing, where it does: then `applyStep`. */
export function tryStep(step: Step, author: Author, overlay: Overlay): boolean {
  return step.kind !== 'patchWhere' && attempted(step, stateOf(step, author, overlay), author);
}

/** Does one write to the overlay; reads the document first where that is needed to obey the write's law. */
export async function applyStep(step: Step, author: Author, overlay: Overlay, read: Read): Promise<void> {
  if (step.kind === 'patchWhere') return overlay.of(step.model).patchWhere(step.match, step.set);
  const state = stateOf(step, author, overlay);
  if (attempted(step, state, author)) return;
  await read(step.model, [step.id]);
  if (!attempted(step, state, author))
    throw new Error(`'${step.id}' of '${step.model.name}' was read, but '${step.kind}' still asks for it.`);
}

function stateOf(step: DocumentStep, author: Author, overlay: Overlay): DocumentState {
  const makes = step.kind === 'insert' || step.kind === 'reduce' || 'initial' in step;
  const state = overlay.of(step.model).state(step.id, makes);
  if (overlay.slicing === 'stream') claim(state, author);
  return state;
}

function claim(state: DocumentState, author: Author): void {
  try {
    state.feed(author.event.stream);
  } catch (error) {
    throw notApplied(author, error);
  }
}

function attempted(step: DocumentStep, state: DocumentState, author: Author): boolean {
  try {
    return done(step, state, author);
  } catch (error) {
    throw notApplied(author, error);
  }
}

/** Answers false when the document must be read first. */
function done(step: DocumentStep, state: DocumentState, author: Author): boolean {
  switch (step.kind) {
    case 'insert':
      return state.insert(step.document, author);
    case 'put':
      return state.put(step.document);
    case 'patch':
    case 'increment':
    case 'push':
      return state.change(step, step.initial);
    case 'remove':
      return state.remove();
    case 'reduce': {
      if (!state.isKnown) return false;
      const next = step.reduce(copyOf(state.document));
      return state.replace(next && documentOf(step.id, next, step.model));
    }
  }
}
