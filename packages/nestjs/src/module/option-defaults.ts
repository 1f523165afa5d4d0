import { systemEnvironment, type Environment } from '@nestfold/core';
import type { NestfoldOptions, Role } from './nestfold-options.js';
import { ALL_ROLES } from './nestfold-options.js';

/** The environment that the options give. */
export function environmentOf({ environment }: NestfoldOptions): Environment {
  return environment ?? systemEnvironment;
}

/** The roles of this process; without a transport there is nothing to relay to. */
export function rolesOf({ roles = ALL_ROLES, transports = [] }: NestfoldOptions): readonly Role[] {
  return transports.length > 0 ? roles : roles.filter((role) => role !== 'relay');
}
