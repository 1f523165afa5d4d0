import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConflictResponse,
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { DeadLetterDto, DeadLetterPageDto } from '../dead-letters/dead-letter.dto.js';
import { DeadLettersController } from '../dead-letters/dead-letters.controller.js';
import { FeedController } from '../feed/feed.controller.js';
import { FeedDto } from '../feed/feed.dto.js';
import { NodeDto } from '../nodes/node.dto.js';
import { NodesController } from '../nodes/nodes.controller.js';
import { ProjectionDto } from '../projections/projection.dto.js';
import { ProjectionsController } from '../projections/projections.controller.js';
import { RebuildDto } from '../rebuilds/rebuild.dto.js';
import { RebuildsController } from '../rebuilds/rebuilds.controller.js';
import { RelaysController } from '../relays/relays.controller.js';
import { RebuildBody, ThrottleBody } from '../requests/rebuild.bodies.js';
import { StreamDto } from '../streams/stream.dto.js';
import { StreamRebuildDto } from '../stream-rebuilds/stream-rebuild.dto.js';
import { StreamRebuildsController } from '../stream-rebuilds/stream-rebuilds.controller.js';
import { StreamsController } from '../streams/streams.controller.js';
import { TopicsController } from '../topics/topics.controller.js';
import { describeMethod } from './describe-class.js';
import { operation, query } from './describe-operation.js';
import { documentTopics } from './topic-operations.js';

/** Says what each endpoint is for, and what it answers. */
export function documentOperations(): void {
  for (const controller of [
    ProjectionsController,
    RebuildsController,
    DeadLettersController,
    StreamRebuildsController,
    StreamsController,
    NodesController,
    FeedController,
    RelaysController,
    TopicsController,
  ])
    ApiTags('admin')(controller);
  documentProjections();
  documentRebuilds();
  documentStreamRebuilds();
  documentDeadLetters();
  documentStores();
  documentTopics();
}

function documentProjections(): void {
  describeMethod(
    ProjectionsController,
    'list',
    operation('listProjections', 'All projections of this build, and how they stand'),
    ApiOkResponse({ type: [ProjectionDto], description: 'In the order of their names.' }),
  );
  describeMethod(
    ProjectionsController,
    'one',
    operation('readProjection', 'How one projection stands'),
    ApiOkResponse({ type: ProjectionDto, description: 'Its state, its generation and its lag.' }),
    ApiNotFoundResponse({ description: 'This build has no projection of that name.' }),
  );
  describeMethod(
    ProjectionsController,
    'rebuild',
    operation(
      'rebuildProjection',
      'Build the read models anew, with no downtime',
      'The live ones serve until the new ones have caught up. `Location` names the rebuild: follow it there.',
    ),
    ApiBody({ type: RebuildBody, required: false }),
    ApiAcceptedResponse({ type: RebuildDto, description: 'It has begun, or will as soon as a process takes it up.' }),
    ApiNotFoundResponse({ description: 'This build has no projection of that name.' }),
    ApiConflictResponse({ description: 'One is running already; `details.id` names it.' }),
  );
  const none = ApiNotFoundResponse({ description: 'This build has no projection of that name.' });
  describeMethod(
    ProjectionsController,
    'pause',
    operation(
      'pauseProjection',
      'Stop the feeding of a projection, in all processes and builds, until it is resumed',
      'Its documents stay readable as they are. Restarts change nothing about it.',
    ),
    ApiAcceptedResponse({ type: ProjectionDto, description: 'It stops within about a second.' }),
    none,
  );
  describeMethod(
    ProjectionsController,
    'resume',
    operation('resumeProjection', 'Let a paused projection go on where it stood'),
    ApiAcceptedResponse({ type: ProjectionDto, description: 'It goes on within about a second.' }),
    none,
  );
  describeMethod(
    ProjectionsController,
    'rollback',
    operation(
      'rollbackProjection',
      'Make the former documents the live ones again, as fresh as these are',
      'The former ones are fed until their grace ends; so are those that are live now, from then on.',
    ),
    ApiOkResponse({ type: ProjectionDto, description: 'Readers see the former documents.' }),
    none,
    ApiConflictResponse({
      description:
        'There are none, or nobody feeds them any more: `details.lagEvents` and `details.lagSeconds` say how far behind they are.',
    }),
  );
}

function documentRebuilds(): void {
  describeMethod(
    RebuildsController,
    'list',
    operation('listRebuilds', 'The rebuilds of all projections of this build, the latest first'),
    ApiOkResponse({ type: [RebuildDto], description: 'The first build of a version counts as one.' }),
  );
  describeMethod(
    RebuildsController,
    'one',
    operation(
      'readRebuild',
      'How a rebuild goes; with `Accept: text/event-stream` as it goes, until it ends',
      'As server-sent events: one `rebuild` event for each change, with the JSON of the rebuild as its data, and comments as signs of life between them.',
    ),
    ApiExtraModels(RebuildDto),
    ApiOkResponse({
      description: 'How it goes.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(RebuildDto) } },
        'text/event-stream': {
          schema: { type: 'string', example: 'event: rebuild\ndata: {"id":"orders-read.1.2","state":"running"}\n\n' },
        },
      },
    }),
    ApiNotFoundResponse({ description: 'There is no such rebuild.' }),
  );
  describeMethod(
    RebuildsController,
    'cancel',
    operation('cancelRebuild', 'Ask for the end of a rebuild; the live read models are not touched'),
    ApiAcceptedResponse({ type: RebuildDto, description: 'It will end soon.' }),
    ApiNotFoundResponse({ description: 'There is no such rebuild.' }),
    ApiConflictResponse({ description: 'It has ended already.' }),
  );
  const none = ApiNotFoundResponse({ description: 'There is no such rebuild.' });
  const over = ApiConflictResponse({ description: 'It has ended already.' });
  const accepted = ApiAcceptedResponse({ type: RebuildDto, description: 'Within about a second.' });
  describeMethod(
    RebuildsController,
    'pause',
    operation('pauseRebuild', 'Hold a rebuild back until it is resumed; it keeps what it has built'),
    accepted,
    none,
    over,
  );
  describeMethod(
    RebuildsController,
    'resume',
    operation('resumeRebuild', 'Let a paused rebuild go on where it stood'),
    accepted,
    none,
    over,
  );
  describeMethod(
    RebuildsController,
    'throttle',
    operation('throttleRebuild', 'Say how fast a rebuild may go, from now on'),
    ApiBody({ type: ThrottleBody }),
    accepted,
    none,
    over,
  );
}

function documentStreamRebuilds(): void {
  describeMethod(
    StreamRebuildsController,
    'rebuild',
    operation(
      'rebuildStream',
      'Make anew what one stream feeds, at one go, and leave all else as it is',
      'Only where each document is fed by one stream. What is parked of the stream is tried again. `Location` says where to look how it went.',
    ),
    ApiAcceptedResponse({ type: StreamRebuildDto, description: 'It is done within about a second.' }),
    ApiNotFoundResponse({ description: 'This build has no projection of that name, or there is no such stream.' }),
    ApiConflictResponse({ description: 'It cannot be rebuilt by itself; `details.reason` says why, and what to do.' }),
  );
  describeMethod(
    StreamRebuildsController,
    'one',
    operation('readStreamRebuild', 'How the latest rebuild of a stream went'),
    ApiOkResponse({ type: StreamRebuildDto, description: 'Where it failed, nothing was changed.' }),
    ApiNotFoundResponse({ description: 'There was none, or it was long ago.' }),
  );
}

function documentDeadLetters(): void {
  const none = ApiNotFoundResponse({ description: 'There is no such dead letter: its stream waits no longer.' });
  const name = { type: 'string', maxLength: 200 };
  describeMethod(
    DeadLettersController,
    'list',
    operation('listDeadLetters', 'Events that could not be applied, each with the stream that is held behind it'),
    query('projection', name, 'Only those of one projection.'),
    query('handler', name, 'Only those of one events handler.'),
    query('limit', { type: 'integer', minimum: 1, maximum: 500, default: 50 }, 'How many the page has at most.'),
    query('after', { type: 'string', format: 'uuid' }, '`next` of the page before.'),
    ApiOkResponse({ type: DeadLetterPageDto, description: 'Each once over all pages.' }),
  );
  describeMethod(
    DeadLettersController,
    'one',
    operation('readDeadLetter', 'One dead letter, with its failures'),
    ApiOkResponse({ type: DeadLetterDto, description: 'What failed, how often, and how much waits.' }),
    none,
  );
  describeMethod(
    DeadLettersController,
    'retry',
    operation('retryDeadLetter', 'Ask for another attempt at what waits, in order'),
    ApiAcceptedResponse({ type: DeadLetterDto, description: 'It is made within about a second.' }),
    none,
  );
  describeMethod(
    DeadLettersController,
    'discard',
    operation('discardDeadLetter', 'Ask to leave out the one event that fails, for good, and to go on behind it'),
    ApiAcceptedResponse({ type: DeadLetterDto, description: 'It is done within about a second.' }),
    none,
  );
}

function documentStores(): void {
  describeMethod(
    StreamsController,
    'one',
    operation('readStream', "A page of a stream's events and, with `at`, its aggregate's state there"),
    query('from', { type: 'integer', minimum: 1, default: 1 }, 'The version at which the page begins.'),
    query(
      'limit',
      { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      'How many events the page has at most.',
    ),
    query(
      'at',
      { type: 'string', example: '2026-01-31T12:00:00Z' },
      'A version, or a moment in ISO 8601, of which the state is wanted.',
    ),
    ApiOkResponse({ type: StreamDto, description: 'Events as they are stored, in the order of their versions.' }),
    ApiNotFoundResponse({ description: 'There is no such stream, or no such aggregate in this build.' }),
  );
  describeMethod(
    NodesController,
    'list',
    operation('listNodes', 'The processes that share the store, also those that died lately'),
    ApiOkResponse({ type: [NodeDto], description: 'Each with its build, its roles, and when it was seen last.' }),
  );
  describeMethod(
    FeedController,
    'one',
    operation('readFeed', "How much of the past the live feed still has: the oplog's headroom"),
    ApiOkResponse({ type: FeedDto, description: 'Followers that were away for longer catch up from history.' }),
  );
}
