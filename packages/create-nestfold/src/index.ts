// The public surface of create-nestfold, listed by hand.
export { create, type Answers, type Ask, type Known, type Surroundings } from './cli/create.js';
export { generate, type GenerateSurroundings } from './cli/generate.js';
export { Choice, CONTEXTS, type Context } from './application/contexts.js';
export { TRANSPORTS, type Transport } from './application/transports.js';
export { namesOf, type Names } from './application/names.js';
export { planApplication, type Wishes } from './application/plan.js';
export { collectTemplate } from './template/collect-template.js';
export { ownTemplate, writeTemplate } from './template/packed-template.js';
export type { Template } from './template/template.js';
export { UsageError } from './usage.error.js';
export type { Part, PartFlag, PartOptions } from './parts/part.js';
export { PART_KINDS, PARTS, type PartKind } from './parts/parts.js';
export type { FileTree } from './workspace/file-tree.js';
