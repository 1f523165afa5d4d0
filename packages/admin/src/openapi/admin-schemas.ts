import type { ApiPropertyOptions } from '@nestjs/swagger';
import { NodeDto } from '../nodes/node.dto.js';
import {
  DeadLetterAttemptDto,
  DeadLetterDto,
  DeadLetterErrorDto,
  DeadLetterPageDto,
  DeadLetterRequestDto,
} from '../dead-letters/dead-letter.dto.js';
import { FeedDto } from '../feed/feed.dto.js';
import { FailureDto, PartitionDto, PauseDto, ProjectionDto } from '../projections/projection.dto.js';
import { RelayDto, RelayErrorDto } from '../relays/relay.dto.js';
import { RebuildDto } from '../rebuilds/rebuild.dto.js';
import { REBUILD_FIELDS, RebuildBody, THROTTLE_FIELDS, ThrottleBody } from '../requests/rebuild.bodies.js';
import { StreamRebuildDto, StreamRebuildErrorDto } from '../stream-rebuilds/stream-rebuild.dto.js';
import { StreamDto, StreamEventDto, StreamStateDto } from '../streams/stream.dto.js';
import { RefusedMessageDto, RefusedPageDto, RefusedRedriveDto } from '../topics/refused.dto.js';
import { describeClass } from './describe-class.js';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const moment = { type: 'string', format: 'date-time' } as const;
const versions = { type: 'object', additionalProperties: whole } as const;
const anything = { type: 'object', additionalProperties: true } as const;

/** Describes what the endpoints answer. Every field of a class must stand here: the types insist on it. */
export function documentSchemas(): void {
  describeClass(FailureDto, {
    code: { ...text, example: 'projection.document-exists' },
    message: text,
    event: optional({ ...text, description: '`<stream>:<version>` of the event that was being applied.' }),
    at: moment,
  });
  describeClass(ProjectionDto, {
    name: { ...text, example: 'orders-read' },
    version: { ...whole, description: 'As it is compiled in the process that answers.' },
    state: { ...text, enum: ['building', 'live', 'rebuilding', 'stopped', 'waiting', 'paused'] },
    generation: { ...whole, description: 'The number of the live generation of its read models.' },
    topic: optional({ ...text, description: 'The topic that it reads; missing where it follows the store.' }),
    lagEvents: {
      ...whole,
      description:
        'Events in the store that it has not applied yet (counting stops at 10,000); messages of the topic, where it reads one.',
    },
    lagSeconds: { type: 'number' },
    rate: { type: 'number', description: 'Events a second.' },
    parked: { ...whole, description: 'Streams that are held behind a failed event: see the dead letters.' },
    parkedSince: optional({ ...moment, description: 'Since when the first of them is held.' }),
    partitions: { type: () => [PartitionDto], description: 'Who feeds it, part by part.' },
    reads: optional({
      ...whole,
      description: 'The older version whose documents are read, while this one has none yet.',
    }),
    paused: optional({ type: () => PauseDto, description: 'Who stopped its feeding.' }),
    error: optional({
      type: () => FailureDto,
      description: 'What stopped it, what its first build waits for, or why its lag is not known.',
    }),
  });
  describeClass(RelayDto, {
    topic: { ...text, example: 'order' },
    state: {
      ...text,
      enum: ['starting', 'relaying', 'retrying', 'elsewhere', 'stopped'],
      description: 'As the process that answers sees it: `elsewhere` where another one does it, or nobody.',
    },
    owner: optional({ ...text, description: 'Names the process that fills the topic; missing while nobody does.' }),
    sent: { ...whole, description: 'Commits that the process that answers has sent since it began.' },
    lagEvents: { ...whole, description: 'Events in the store behind what is sent; counting stops at 10,000.' },
    lagSeconds: { type: 'number' },
    refused: optional({
      ...whole,
      description: 'Messages that readers refused and that are kept; missing while the broker does not say.',
    }),
    error: optional({ type: () => RelayErrorDto, description: 'What failed last, while it is being retried.' }),
  });
  describeClass(RefusedMessageDto, {
    id: { ...whole, description: 'Its place among the refused messages of the topic.' },
    at: moment,
    partition: whole,
    offset: { ...whole, description: 'Where it stood in the topic.' },
    reason: text,
    projection: { ...text, description: 'Which one refused it.' },
    stream: optional({ ...text, description: 'Missing where it is no commit of one.' }),
    deadLetter: optional({ ...text, description: 'The dead letter whose stream waits behind it.' }),
  });
  describeClass(RefusedPageDto, {
    messages: { type: () => [RefusedMessageDto] },
    kept: { ...whole, description: 'How many are kept of the topic, those that were redriven included.' },
    next: optional({ ...whole, description: 'The `after` of the next page.' }),
  });
  describeClass(RefusedRedriveDto, {
    topic: text,
    streams: { ...whole, description: 'So many wait behind a refused message, and are tried again.' },
  });
  describeClass(RelayErrorDto, { code: { ...text, example: 'transport.unavailable' }, message: text });
  describeClass(PartitionDto, {
    partition: whole,
    owner: optional({ ...text, description: 'The id of the process that feeds it; missing while nobody does.' }),
    host: optional(text),
    lagEvents: whole,
    lagSeconds: { type: 'number' },
    parked: whole,
    needs: optional({ ...text, example: 'order.placed@3', description: 'What it waits for a newer build to apply.' }),
  });
  describeClass(PauseDto, { by: text, at: moment });
  describeClass(RebuildBody, {
    partitions: optional({
      ...within(REBUILD_FIELDS.partitions),
      description: 'Into how many parts the new documents are divided; only where each document is fed by one stream.',
    }),
    throttle: optional({
      ...within(REBUILD_FIELDS.throttle),
      description: 'How many events of the history it may apply a second, at most.',
    }),
  });
  describeClass(ThrottleBody, {
    eventsPerSecond: optional({
      ...within(THROTTLE_FIELDS.eventsPerSecond),
      description: 'Without it the rebuild goes as fast as it can.',
    }),
  });
  documentDeadLetters();
  describeClass(FeedDto, {
    known: { type: 'boolean', description: 'False where the store does not tell; then there is nothing else.' },
    seconds: optional({ type: 'number', description: 'How far back it goes.' }),
    isWhole: optional({
      type: 'boolean',
      description: 'Nothing was forgotten yet: a short past means a young store only.',
    }),
    neededSeconds: optional({ type: 'number', description: 'What catching up needs at least.' }),
    isShort: optional({ type: 'boolean', description: 'There is less than that: give the server a larger oplog.' }),
  });
  describeClass(RebuildDto, {
    id: { ...text, example: 'orders-read.1.2' },
    projection: text,
    state: { ...text, enum: ['running', 'done', 'cancelled', 'failed'] },
    processed: { ...whole, description: 'Commits read so far, of about `total`.' },
    total: whole,
    rate: {
      type: 'number',
      description: 'Events a second, over the last seconds; once it has ended, commits a second over the whole of it.',
    },
    etaSeconds: optional({ ...whole, description: 'Missing while no rate is known, and once it has ended.' }),
    paused: optional({ type: 'boolean', description: 'It is held back by an operator.' }),
    throttle: optional({ ...whole, description: 'Events a second that it may apply at most.' }),
    startedBy: { ...text, description: 'Who asked for it; `start` for the first build of a version.' },
    startedAt: moment,
    endedAt: optional(moment),
    error: optional({ type: () => FailureDto, description: 'Why it failed.' }),
  });
  describeClass(StreamRebuildErrorDto, {
    code: { ...text, example: 'projection.failed' },
    message: text,
    event: optional({ ...text, description: '`<stream>:<version>` of the event that could not be applied.' }),
  });
  describeClass(StreamRebuildDto, {
    id: { ...text, format: 'uuid' },
    projection: text,
    generation: { ...text, example: 'order-card.1.2', description: 'The build whose documents they are.' },
    stream: { ...text, example: 'order-42' },
    state: { ...text, enum: ['requested', 'done', 'failed'] },
    requestedBy: text,
    requestedAt: moment,
    endedAt: optional(moment),
    version: optional({ ...whole, description: 'Its documents are what its events up to this version say.' }),
    error: optional({ type: () => StreamRebuildErrorDto, description: 'Why it failed; nothing was changed then.' }),
  });
  describeClass(StreamEventDto, {
    version: whole,
    type: { ...text, example: 'order.placed' },
    schema: { ...whole, description: 'The version of the event in which it was written.' },
    data: anything,
    commitId: { ...text, format: 'uuid' },
    occurredAt: moment,
    recordedAt: moment,
    correlationId: text,
    causationId: text,
    actor: optional({
      type: 'object',
      properties: { id: text, roles: { type: 'array', items: text } },
      required: ['id'],
      additionalProperties: false,
    }),
    tenant: optional(text),
  });
  describeClass(StreamStateDto, { version: whole, state: anything });
  describeClass(StreamDto, {
    name: { ...text, example: 'order-42' },
    version: { ...whole, description: 'Of the last event in the stream, which need not be on this page.' },
    events: { type: () => [StreamEventDto] },
    next: optional({ ...whole, description: 'The `from` of the next page; missing on the last one.' }),
    state: optional({ type: () => StreamStateDto, description: "The aggregate's state at `at`." }),
  });
  describeClass(NodeDto, {
    id: text,
    host: text,
    pid: whole,
    build: text,
    roles: { type: [String], example: ['commands', 'queries', 'projections', 'handlers'] },
    projections: { ...versions, description: 'Compiled version of each projection.' },
    events: { ...versions, description: 'Compiled schema version of each event.' },
    commands: { type: [String] },
    startedAt: moment,
    seenAt: { ...moment, description: "By the store's clock." },
    alive: { type: 'boolean', description: 'False when it has missed its heartbeats.' },
  });
}

function documentDeadLetters(): void {
  describeClass(DeadLetterErrorDto, {
    code: text,
    message: text,
    event: { ...text, example: 'order-42:7', description: '`<stream>:<version>`.' },
    type: optional({ ...text, example: 'order.placed' }),
    method: optional({ ...text, description: '`<class>.<method>` that was applying it.' }),
  });
  describeClass(DeadLetterAttemptDto, {
    at: moment,
    by: optional({
      ...text,
      description: 'Who asked for the attempt; missing for the failure that parked the stream.',
    }),
    error: { type: () => DeadLetterErrorDto },
  });
  describeClass(DeadLetterRequestDto, { kind: { ...text, enum: ['retry', 'discard'] }, by: text, at: moment });
  describeClass(DeadLetterDto, {
    id: { ...text, format: 'uuid' },
    projection: optional({ ...text, description: 'Whose documents lack the event.' }),
    handler: optional({ ...text, description: 'Or which events handler could not handle it.' }),
    generation: optional({ ...text, description: "The build of the projection's documents." }),
    stream: { ...text, example: 'order-42' },
    error: { type: () => DeadLetterErrorDto, description: 'What failed last.' },
    attempts: { ...whole, description: 'How often the event that fails now has failed.' },
    waiting: { ...whole, description: 'The versions of the stream that wait.' },
    parkedAt: moment,
    request: optional({ type: () => DeadLetterRequestDto, description: 'What was asked and not done yet.' }),
    history: { type: () => [DeadLetterAttemptDto], description: 'The first failure, and the latest nine.' },
  });
  describeClass(DeadLetterPageDto, {
    deadLetters: { type: () => [DeadLetterDto] },
    next: optional({ ...text, description: 'The `after` of the next page; missing on the last one.' }),
  });
}

const within = ({ min, max }: { readonly min: number; readonly max: number }): object => ({
  type: 'integer',
  minimum: min,
  maximum: max,
});

function optional(options: ApiPropertyOptions): ApiPropertyOptions {
  return { ...options, required: false } as ApiPropertyOptions;
}
