import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Ctor } from '@nestfold/core';
import { Feature } from '../module/feature.js';
import type { Discovered, DiscoveredProvider } from './discovered.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Looks through the modules of this application; nothing registers itself. */
@Injectable()
export class NestfoldExplorer {
  constructor(private readonly discovery: DiscoveryService) {}

  explore(): Discovered {
    const wrappers = this.discovery.getProviders().filter((wrapper) => !wrapper.isAlias);
    const providers = wrappers.map(describe).filter((provider) => provider !== undefined);
    const controllers = this.discovery
      .getControllers()
      .map(classOf)
      .filter((type) => type !== undefined);
    return {
      features: wrappers.map((wrapper): unknown => wrapper.instance).filter((instance) => instance instanceof Feature),
      providers,
      classes: [...new Set([...providers.map(({ type }) => type), ...controllers])],
    };
  }
}

function describe(wrapper: Wrapper): DiscoveredProvider | undefined {
  const type = classOf(wrapper);
  if (type === undefined) return undefined;
  const module = wrapper.host?.metatype?.name ?? 'an unknown module';
  const singleton = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
  return { type, module, singleton, instance: wrapper.instance as object };
}

/** The class of a provider that is one, or of what a factory or a value gave. */
function classOf(wrapper: Wrapper): Ctor<object> | undefined {
  const { metatype, inject } = wrapper;
  if (typeof metatype === 'function' && !inject) return metatype as Ctor<object>;
  const instance: unknown = wrapper.instance;
  if (typeof instance !== 'object' || instance === null) return undefined;
  const type: unknown = instance.constructor;
  return typeof type === 'function' && type !== Object ? (type as Ctor<object>) : undefined;
}
