import { hasCode, NestfoldError } from '@nestfold/core';

/** This process is shutting down and takes no more messages; nothing was done. Repeat later, elsewhere. */
export class ShuttingDown extends NestfoldError {
  readonly code = 'shutting-down';
  readonly retry = 'later';

  constructor() {
    super('This process is shutting down and takes no more messages: repeat later.');
  }
}

/** This process does not have the role that serves such messages; nothing was done. */
export class RoleMissing extends NestfoldError {
  readonly code = 'role.missing';
  readonly retry = 'later';

  constructor(readonly role: string) {
    super(
      `This process does not have the role '${role}': send the message to one that has, or add it to the roles in NestfoldModule.forRoot.`,
      { role },
    );
  }
}

export const isShuttingDown = (error: unknown): error is ShuttingDown => hasCode(error, 'shutting-down');
export const isRoleMissing = (error: unknown): error is RoleMissing => hasCode(error, 'role.missing');
