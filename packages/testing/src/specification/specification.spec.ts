import { Aggregate, AggregateRoot, Apply, Command, Decimal, DomainEvent, Handle } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { specification } from './specification.js';

@DomainEvent('account.opened')
class AccountOpened {
  owner!: string;
}
@DomainEvent('account.deposited')
class Deposited {
  amount!: Decimal;
  note?: string;
}
@DomainEvent('account.closed')
class AccountClosed {}
@DomainEvent('account.foreign')
class Foreign {}

class OpenAccount extends Command {
  accountId!: string;
  owner!: string;
}
class CloseAccount extends Command {
  accountId!: string;
}
class Unhandled extends Command {}

class AccountState {
  balance = Decimal.of(0);
  open = false;
}

@Aggregate('account', { state: AccountState, events: [AccountOpened, Deposited, AccountClosed] })
class Account extends AggregateRoot<AccountState> {
  @Handle(OpenAccount, { id: 'accountId', on: 'new' })
  openFor({ owner }: OpenAccount) {
    this.emit(AccountOpened, { owner });
  }

  @Handle(CloseAccount, { id: 'accountId' })
  close(_command?: CloseAccount) {
    this.require(this.state.balance.equals(0), 'account.not-empty');
    if (this.state.open) this.emit(AccountClosed, {});
  }

  deposit(amounts: readonly string[]) {
    for (const amount of amounts) this.emit(Deposited, { amount: Decimal.of(amount) });
  }

  fail() {
    throw new TypeError('a bug');
  }

  @Apply(AccountOpened) protected opened() {
    this.state.open = true;
  }
  @Apply(Deposited) protected deposited({ amount }: Deposited) {
    this.state.balance = this.state.balance.plus(amount);
  }
  @Apply(AccountClosed) protected closed() {
    this.state.open = false;
  }
}

const opened = specification(Account).given(AccountOpened, { owner: 'ada' });
const close = CloseAccount.of({ accountId: '7' });

describe('specification', () => {
  it('passes where the decided events are those that are named', () => {
    opened.when(close).then(AccountClosed, {});
    specification(Account)
      .when(OpenAccount.of({ accountId: '7', owner: 'ada' }))
      .then(AccountOpened, { owner: 'ada' });
    opened
      .when((account) => account.deposit(['1.50', '2']))
      .then(Deposited, { amount: Decimal.of('1.50') })
      .then(Deposited, { amount: Decimal.of(2) });
  });

  it('passes where the refusal is the one that is named', () => {
    opened
      .given(Deposited, { amount: Decimal.of(1) })
      .when(close)
      .refused('account.not-empty');
    specification(Account).when(close).refused('aggregate.not-found');
    opened.when(OpenAccount.of({ accountId: '7', owner: 'ada' })).refused('stream.conflict');
  });

  it('passes where nothing is decided and that is said', () => {
    opened.given(AccountClosed, {}).when(close).thenNothing();
  });

  it('can be returned by a test', () => opened.when(close).then(AccountClosed, {}));

  it('fails and shows both where another event was decided [T-2]', () => {
    const outcome = opened.when((account) => account.deposit(['1']));
    const failure = thrownBy(() => outcome.then(Deposited, { amount: Decimal.of(2) }));
    expect(failure.message).toContain('Account, given a decision, decided other events than expected');
    expect(failure).toMatchObject({
      actual: [{ type: 'account.deposited', data: { amount: Decimal.of(1) } }],
      expected: [{ type: 'account.deposited', data: { amount: Decimal.of(2) } }],
    });
  });

  it('fails where fewer events were decided [T-2]', () => {
    const outcome = opened.when((account) => account.deposit(['1'])).then(Deposited, { amount: Decimal.of(1) });
    expect(() => outcome.then(AccountClosed, {})).toThrow('decided other events than expected');
  });

  it('fails where a refusal came instead, and names it [T-2]', () => {
    const outcome = opened.given(Deposited, { amount: Decimal.of(1) }).when(close);
    const failure = thrownBy(() => outcome.then(AccountClosed, {}));
    expect(failure.message).toContain("Account, CloseAccount, refused ('account.not-empty'");
    expect(failure.cause).toMatchObject({ code: 'account.not-empty' });
    expect(() => outcome.thenNothing()).toThrow('account.not-empty');
    expect(() => outcome.refused('account.other')).toThrow('was to be refused');
  });

  it('fails where events came instead of a refusal or of nothing', () => {
    const outcome = opened.when(close);
    expect(() => outcome.refused('account.not-empty')).toThrow('Account, CloseAccount, was to be refused');
    expect(() => outcome.thenNothing()).toThrow('was to decide nothing');
  });

  it('throws an error of the code itself', () => {
    expect(() => opened.when((account) => account.fail())).toThrow(TypeError);
  });

  it('refuses a command without @Handle and an event that is not listed, naming both', () => {
    expect(() => opened.when(Unhandled.of({}))).toThrow('Account has no @Handle for Unhandled');
    expect(() => opened.given(Foreign, {})).toThrow('Foreign');
  });

  // Without `complete` at the end, `then` alone would pass here: an event nobody spoke of would go unnoticed.
  it('fails where an event is not spoken of [T-2]', async () => {
    const outcome = opened.when((account) => account.deposit(['1', '2']));
    const sentence = outcome.then(Deposited, { amount: Decimal.of(1) }) as unknown as PromiseLike<void>;
    await expect(Promise.resolve(sentence)).rejects.toThrow('decided more events than expected');
  });

  it('fails where nothing is said of a decision', async () => {
    const sentence = opened.when(close) as unknown as PromiseLike<void>;
    await expect(Promise.resolve(sentence)).rejects.toThrow('but not what: end with then');
  });

  it.fails('fails at the end of the test where an event is not spoken of and nobody awaits', () => {
    opened.when((account) => account.deposit(['1', '2'])).then(Deposited, { amount: Decimal.of(1) });
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
