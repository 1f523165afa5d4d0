import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { CommandBus, Nestfold } from '@nestfold/nestjs';
import { AccountsModule, AccountView, Deposit, OpenAccount } from './accounts.module.js';

const app = await NestFactory.createApplicationContext(AccountsModule, { logger: ['warn', 'error'] });
const bus = app.get(CommandBus);
const nestfold = app.get(Nestfold);
const accountId = randomUUID();

await bus.execute(OpenAccount.of({ accountId, owner: 'Ada' })); // validated; of two at once, one wins
await bus.execute(Deposit.of({ accountId, cents: 250 })); // loads, decides, appends; retried on conflict
await nestfold.settled(); // for scripts and tests: read models follow within milliseconds
console.log(await nestfold.readModel(AccountView).findById(accountId)); // in a class: @InjectReadModel(AccountView)
await app.close();
