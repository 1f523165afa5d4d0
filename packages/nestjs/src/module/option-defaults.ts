import { systemEnvironment, type Environment } from '@nestfold/core';
import type { NestfoldOptions, Role } from './nestfold-options.js';
import { ALL_ROLES } from './nestfold-options.js';

/** The environment that the options give. */
export function environmentOf({ environment }: NestfoldOptions): Environment {
  return environment ?? systemEnvironment;
}

/** The roles of this process. */
export function rolesOf({ roles }: NestfoldOptions): readonly Role[] {
  return roles ?? ALL_ROLES;
}
