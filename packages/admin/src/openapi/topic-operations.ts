import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse } from '@nestjs/swagger';
import { RelayDto } from '../relays/relay.dto.js';
import { RelaysController } from '../relays/relays.controller.js';
import { RefusedPageDto, RefusedRedriveDto } from '../topics/refused.dto.js';
import { TopicsController } from '../topics/topics.controller.js';
import { describeMethod } from './describe-class.js';
import { operation, query } from './describe-operation.js';

/** Says what the endpoints of topics are for, and what they answer. */
export function documentTopics(): void {
  describeMethod(
    RelaysController,
    'list',
    operation('listRelays', 'How the topics of the transport are filled from the store'),
    ApiOkResponse({ type: [RelayDto], description: 'One for each topic; none without a transport.' }),
  );
  const none = ApiNotFoundResponse({ description: 'The transport of this build has no topic of that name.' });
  describeMethod(
    TopicsController,
    'list',
    operation(
      'listRefusedMessages',
      'Messages of a topic that were refused on arrival, the oldest first, each with the reason',
      'Takes some seconds, as a broker does to let a reader in.',
    ),
    query('limit', { type: 'integer', minimum: 1, maximum: 200, default: 50 }, 'How many the page has at most.'),
    query('after', { type: 'integer', minimum: 0 }, '`next` of the page before.'),
    ApiOkResponse({ type: RefusedPageDto, description: 'With the dead letter whose stream waits behind each.' }),
    none,
  );
  describeMethod(
    TopicsController,
    'redrive',
    operation(
      'redriveRefusedMessages',
      'Ask for another try of all that waits behind refused messages of a topic, each stream in order',
      'What is still refused stays parked. What was no commit at all has nothing behind it: a rebuild reads it again.',
    ),
    ApiAcceptedResponse({ type: RefusedRedriveDto, description: 'It is made within about a second.' }),
    none,
  );
}
