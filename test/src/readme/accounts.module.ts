import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { IsInt, IsString, Min } from 'class-validator';
import { Aggregate, AggregateRoot, Apply, Command, DomainEvent, Handle } from '@nestfold/core';
import { mongo } from '@nestfold/mongodb';
import { NestfoldModule } from '@nestfold/nestjs';
import { On, Projection, writes } from '@nestfold/projections';

@DomainEvent('account.opened')
export class AccountOpened {
  accountId!: string;
  owner!: string;
}

@DomainEvent('account.deposited')
export class Deposited {
  accountId!: string;
  cents!: number;
}

export class OpenAccount extends Command {
  @IsString() accountId!: string;
  @IsString() owner!: string;
}

export class Deposit extends Command {
  @IsString() accountId!: string;
  @IsInt() @Min(1) cents!: number;
}

class AccountState {
  open = false;
  cents = 0;
}

@Aggregate('account', { state: AccountState, events: [AccountOpened, Deposited] })
export class Account extends AggregateRoot<AccountState> {
  @Handle(OpenAccount, { id: 'accountId', on: 'new' })
  open({ accountId, owner }: OpenAccount) {
    this.emit(AccountOpened, { accountId, owner });
  }

  @Handle(Deposit, { id: 'accountId', on: 'existing' })
  deposit({ accountId, cents }: Deposit) {
    this.require(this.state.cents + cents <= 1_000_000, 'account.limit-reached');
    this.emit(Deposited, { accountId, cents });
  }

  @Apply(AccountOpened) protected opened() {
    this.state.open = true;
  }

  @Apply(Deposited) protected deposited({ cents }: Deposited) {
    this.state.cents += cents;
  }
}

export class AccountView {
  _id!: string;
  owner!: string;
  cents!: number;
}

const view = writes(AccountView);

@Projection('accounts', { version: 1, readModels: [AccountView] })
export class AccountProjection {
  @On(AccountOpened) opened(event: AccountOpened) {
    return view.insert(event.accountId, { owner: event.owner, cents: 0 });
  }

  @On(Deposited) deposited(event: Deposited) {
    return view.increment(event.accountId, { cents: event.cents });
  }
}

@Module({
  imports: [
    NestfoldModule.forRoot({
      store: mongo({ uri: process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017/accounts' }),
    }),
    NestfoldModule.forFeature({ aggregates: [Account], readModels: [AccountView] }),
  ],
  providers: [AccountProjection],
})
export class AccountsModule {}
