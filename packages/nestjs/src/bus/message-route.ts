import { ConfigurationError, type Ctor } from '@nestfold/core';
import type { HandlerKind } from '../handler/handler-metadata.js';

/** Where one class of messages goes. */
export interface MessageRoute {
  readonly message: Ctor<object>;
  /** `<class>` or `<class>.<method>`, for messages. */
  readonly handledBy: string;
  readonly handle: (message: object) => Promise<unknown>;
}

/** The routes of one kind of message, by its class. */
export class MessageRoutes {
  private readonly routes: ReadonlyMap<unknown, MessageRoute>;

  constructor(
    private readonly kind: HandlerKind,
    routes: readonly MessageRoute[],
  ) {
    this.routes = new Map(routes.map((route) => [route.message, route]));
  }

  /** The classes that are handled. */
  get messages(): readonly Ctor<object>[] {
    return [...this.routes.values()].map(({ message }) => message);
  }

  /** Throws `ConfigurationError`, with the remedy, when nothing handles the message. */
  of(message: object): MessageRoute {
    const type: unknown = (message as object | null | undefined)?.constructor;
    const route = this.routes.get(type);
    if (route !== undefined) return route;
    throw new ConfigurationError(this.unknown(type));
  }

  private unknown(type: unknown): string {
    const { kind } = this;
    if (typeof type !== 'function' || type === Object)
      return `The ${kind} bus was given something that is no ${kind}: make one by <${kind}>.of({ … }).`;
    if (kind === 'query')
      return `Nothing handles the query ${type.name}: add a class with @QueryHandler(${type.name}) to the providers of a module.`;
    return `Nothing handles the command ${type.name}: add a class with @CommandHandler(${type.name}) to the providers of a module, or @Handle(${type.name}, …) to a method of an aggregate in NestfoldModule.forFeature.`;
  }
}
