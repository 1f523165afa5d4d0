import { describe, expect, it } from 'vitest';
import { Query } from '../query/query.js';
import { Command } from './command.js';

class CancelOrder extends Command {
  orderId!: string;
  priority = 1;
}
class FindOrder extends Query<string> {
  orderId!: string;
}

describe('messages', () => {
  it('are instances of their class, with the given fields over the defaults', () => {
    const command = CancelOrder.of({ orderId: '1', priority: 7 });
    expect(command).toBeInstanceOf(CancelOrder);
    expect({ ...command }).toEqual({ orderId: '1', priority: 7 });
    expect(FindOrder.of({ orderId: '2' })).toBeInstanceOf(FindOrder);
  });

  it('hold nothing but their fields', () => {
    expect(Reflect.ownKeys(CancelOrder.of({ orderId: '1', priority: 7 }))).toEqual(['orderId', 'priority']);
  });
});
