import {
  bodyHashOf,
  commandIdOf,
  createMessageContext,
  currentContext,
  InvalidMessage,
  type CommandOptions,
  type Environment,
  type MessageContext,
  type MessageDescription,
} from '@nestfold/core';
import { stateVersion } from '../bus/stated-version.js';
import { keyProblem } from './message-key.js';
import { currentRequestScope, type RequestScope } from './request-scope.js';

/**
 * The context of a message about to be handled. What the caller says comes first, then the message being handled (its
 * conversation goes on), then the request. Called synchronously, so that ordinals follow the order of the calls.
 */
export function contextFor(
  kind: 'command' | 'query',
  message: object,
  options: CommandOptions,
  environment: Environment,
): MessageContext {
  refuseUnfit(message, options);
  const parent = currentContext();
  const request = parent === undefined ? currentRequestScope() : undefined;
  const shared = circumstances(options, parent, request);
  const context = createMessageContext({
    ...defined(shared),
    ...identityOf(kind, message, options, shared, parent, request, environment),
  });
  const version = options.expectedVersion ?? (kind === 'command' ? request?.takeExpectedVersion() : undefined);
  if (version !== undefined) stateVersion(context, version);
  return context;
}

type Circumstances = {
  readonly [K in keyof Omit<MessageDescription, 'messageId' | 'messageType'>]?: MessageDescription[K] | undefined;
};

function circumstances(
  options: CommandOptions,
  parent: MessageContext | undefined,
  scope: RequestScope | undefined,
): Circumstances {
  const surrounding: Circumstances =
    parent === undefined ? (scope?.request ?? {}) : { ...parent, causationId: eventBehind(parent) };
  const { actor, principal, tenant, correlationId, causationId, traceparent, custom } = {
    ...surrounding,
    ...defined(options),
  };
  // A caller who names an actor acts on that one's behalf, whoever the surrounding principal is.
  const behalf = options.principal ?? (options.actor === undefined ? principal : undefined);
  return { actor, principal: behalf, tenant, correlationId, causationId, traceparent, custom };
}

/** The event that the surrounding handling reacts to; a command that another one executes is its own commits' cause. */
function eventBehind({ causationId, messageId }: MessageContext): string | undefined {
  return causationId === messageId ? undefined : causationId;
}

function identityOf(
  kind: 'command' | 'query',
  message: object,
  options: CommandOptions,
  { principal, actor }: Circumstances,
  parent: MessageContext | undefined,
  request: RequestScope | undefined,
  environment: Environment,
): Pick<MessageDescription, 'messageId' | 'messageType' | 'keyed' | 'bodyHash'> {
  const messageType = message.constructor.name;
  if (kind === 'query') return { messageId: environment.uuid(), messageType };
  const key = options.key ?? request?.takeKey(messageType);
  if (key !== undefined) {
    return {
      messageId: commandIdOf(principal ?? actor?.id ?? 'anonymous', messageType, key),
      messageType,
      keyed: true,
      bodyHash: bodyHashOf(message),
    };
  }
  if (parent === undefined) return { messageId: environment.uuid(), messageType };
  // No hash: a handler that is repeated may put a new time into the command, and still means the same one.
  return {
    messageId: parent.newId(`command:${messageType}:${nextOrdinal(parent, messageType)}`),
    messageType,
    keyed: parent.keyed,
  };
}

const ordinals = new WeakMap<MessageContext, Map<string, number>>();

/** Counts the commands of a type that one handling executes: repeated, it asks for the same ids. */
function nextOrdinal(parent: MessageContext, type: string): number {
  const counts = ordinals.get(parent) ?? new Map<string, number>();
  ordinals.set(parent, counts);
  const ordinal = counts.get(type) ?? 0;
  counts.set(type, ordinal + 1);
  return ordinal;
}

function refuseUnfit(message: object, { key, correlationId, expectedVersion }: CommandOptions): void {
  const problems = [
    ...(key === undefined ? [] : problemAt('key', keyProblem(key))),
    ...(correlationId === undefined ? [] : problemAt('correlationId', keyProblem(correlationId))),
    ...(expectedVersion === undefined || (Number.isSafeInteger(expectedVersion) && expectedVersion >= 0)
      ? []
      : problemAt('expectedVersion', 'must be a whole number from 0')),
  ];
  if (problems.length > 0) throw new InvalidMessage(`An option of ${message.constructor.name}`, problems);
}

function problemAt(path: string, message: string | undefined): { path: string; message: string }[] {
  return message === undefined ? [] : [{ path, message: `${path} ${message}` }];
}

/** Without the keys that are `undefined`: spread over defaults, they would hide them. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
