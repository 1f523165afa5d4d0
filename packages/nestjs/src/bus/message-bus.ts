import { Inject, Injectable } from '@nestjs/common';
import { runInContext, type CommandOptions, type CommandReceipt } from '@nestfold/core';
import { contextFor } from '../context/context-factory.js';
import type { HandlerKind } from '../handler/handler-metadata.js';
import { RuntimeState } from '../lifecycle/runtime-state.js';
import { environmentOf, rolesOf } from '../module/option-defaults.js';
import { MODULE_OPTIONS_TOKEN } from '../module/nestfold-module-definition.js';
import type { NestfoldOptions } from '../module/nestfold-options.js';
import { validMessage } from '../validation/valid-message.js';
import { waited } from '../waiting/waited.js';
import { waitOf } from '../waiting/wait-of-options.js';
import { notingWrites } from '../waiting/written.js';
import { refuseUnfitStructure } from '../validation/structure.js';
import { RoleMissing } from './bus-errors.js';
import { MessageGate } from './message-gate.js';

/** What both buses do: find the route, check the message, and handle it in its context. */
@Injectable()
export class MessageBus {
  constructor(
    private readonly state: RuntimeState,
    private readonly gate: MessageGate,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: NestfoldOptions,
  ) {}

  async execute(kind: HandlerKind, message: object, options: CommandOptions): Promise<unknown> {
    const role = kind === 'command' ? 'commands' : 'queries';
    if (!rolesOf(this.options).includes(role)) throw new RoleMissing(role);
    return this.gate.pass(async () => {
      const routes = kind === 'command' ? this.state.current.commands : this.state.current.queries;
      const route = routes.of(message);
      // Before the context, which hashes the body: that must not meet a cycle.
      refuseUnfitStructure(route.message.name, message);
      const context = contextFor(kind, message, options, environmentOf(this.options));
      const { engine } = this.state.current;
      const wait = waitOf(message, options, engine.projectionNames);
      const valid = await validMessage(route.message, message);
      if (wait === undefined) return runInContext(context, () => route.handle(valid));
      return notingWrites(async ({ commits }) => {
        const answer = await runInContext(context, () => route.handle(valid));
        const outcome = await waited(engine, wait, commits);
        return isReceipt(answer) ? { ...answer, ...outcome } : answer;
      });
    });
  }
}

/** What else a handler answers is its own: there the waiting shows in time only. */
function isReceipt(answer: unknown): answer is CommandReceipt {
  const { id, version, position } = (answer ?? {}) as Partial<CommandReceipt>;
  return typeof id === 'string' && typeof version === 'number' && typeof position === 'string';
}
