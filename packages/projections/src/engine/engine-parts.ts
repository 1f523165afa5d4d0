import type { NodeDescription } from '@nestfold/core';
import { HandlerRunner } from '../handling/handler-runner.js';
import { LivePointer } from '../reading/live-pointer.js';
import type { RelayRunner } from '../relaying/relay-runner.js';
import { relaysOf } from '../relaying/relays-of.js';
import type { EngineContext } from '../running/engine-context.js';
import { KnownNodes } from '../running/known-nodes.js';
import { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { Waiters } from '../waiting/waiters.js';
import type { ProjectionEngineOptions } from './engine-options.js';
import { defaultSettings } from './engine-settings.js';

/** A reader asks for the live generation at least this often: far less than the grace of a former one. */
const POINTER_MS = 10_000;

/** What an engine is put together from: by the roles of its process, of which `feeds` is the one for projections. */
export interface EngineParts {
  readonly context: EngineContext;
  readonly feeds: boolean;
  readonly supervisors: ReadonlyMap<string, ProjectionSupervisor>;
  readonly pointers: ReadonlyMap<string, LivePointer>;
  readonly handlers: readonly HandlerRunner[];
  readonly relays: readonly RelayRunner[];
}

/** Makes them; none does anything yet. */
export function partsOf(options: ProjectionEngineOptions): EngineParts {
  const { connection, environment, projections, handlers, publications = [], node } = options;
  const context = contextOf(options);
  const feeds = node.roles.includes('projections');
  const age = Math.min(POINTER_MS, context.settings.graceMs / 4);
  return {
    context,
    feeds,
    supervisors: new Map(projections.map((one) => [one.name, new ProjectionSupervisor(context, one, feeds)])),
    pointers: new Map(
      projections.map(({ name, version, reads }) => [
        name,
        new LivePointer(connection.generations, environment, name, version, age, reads),
      ]),
    ),
    handlers: node.roles.includes('handlers') ? handlers.map((one) => new HandlerRunner(context, one)) : [],
    relays: node.roles.includes('relay') ? relaysOf(context, publications) : [],
  };
}

function contextOf(options: ProjectionEngineOptions): EngineContext {
  const { connection, types, environment, logger, node, transport } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const nodes = new KnownNodes(connection.nodes, environment, {
    own: node.id,
    maxAgeMs: settings.leasePollMs / 2,
    silentMs: 3 * settings.heartbeatMs,
  });
  const waiters = new Waiters();
  return { connection, types, environment, logger, settings, nodes, waiters, ...(transport && { transport }) };
}

/** What a process says of itself. */
export function describeNode({ projections, types, node }: ProjectionEngineOptions): NodeDescription {
  return {
    ...node,
    projections: Object.fromEntries(projections.map(({ name, version }) => [name, version])),
    events: Object.fromEntries(types.definitions().map(({ name, version }) => [name, version])),
  };
}
