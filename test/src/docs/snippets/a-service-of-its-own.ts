import { Module } from '@nestjs/common';
import { DomainEvent } from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { NestfoldModule } from '@nestfold/nestjs';
import { On, Projection, writes } from '@nestfold/projections';

export const topics = [
  { name: 'account', partitions: 6 },
  { name: 'activity', categories: ['account', 'customer'], partitions: 1 },
];
export const bank = kafka({ brokers: ['127.0.0.1:9092'], prefix: 'bank', topics });

@Module({
  imports: [
    NestfoldModule.forRoot({
      store: mongo({ uri: process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017/accounts' }),
      transports: [bank],
      roles: ['relay'],
    }),
  ],
})
export class RelayModule {}

@DomainEvent('account.deposited')
export class Deposited {
  accountId!: string;
  cents!: number;
}

export class AccountView {
  _id!: string;
  cents!: number;
}

const view = writes(AccountView);

@Projection('accounts', { version: 2, readModels: [AccountView], slicing: 'stream', source: kafka('account') })
export class AccountProjection {
  @On(Deposited) deposited({ accountId, cents }: Deposited) {
    return view.increment(accountId, { cents }, { initial: { cents: 0 } });
  }
}

@Module({
  imports: [
    NestfoldModule.forRoot({
      store: mongo({ uri: process.env['FIGURES_URI'] ?? 'mongodb://127.0.0.1:27018/figures' }),
      transports: [bank],
      roles: ['queries', 'projections'],
    }),
    NestfoldModule.forFeature({ readModels: [AccountView] }),
  ],
  providers: [AccountProjection],
})
export class FiguresModule {}
