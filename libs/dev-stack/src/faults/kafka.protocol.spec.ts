import { describe, expect, it } from 'vitest';
import { kafkaProtocol } from './kafka.protocol.js';
import { MessageCutter } from './wire-message.js';

function request(command: number, id: number, body = ''): Buffer {
  const message = Buffer.alloc(12 + body.length);
  message.writeInt32BE(message.length - 4, 0);
  message.writeInt16BE(command, 4);
  message.writeInt32BE(id, 8);
  message.write(body, 12);
  return message;
}

describe('kafkaProtocol', () => {
  it('is cut into messages, whichever way the bytes arrive', () => {
    const [first, second] = [request(0, 7, 'shop.order'), request(3, 8)];
    const bytes = Buffer.concat([first, second]);
    for (const pieces of [1, 3, 5, bytes.length]) {
      const cutter = new MessageCutter(kafkaProtocol);
      const cut: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += pieces) cut.push(...cutter.add(bytes.subarray(at, at + pieces)));
      expect(cut).toEqual([first, second]);
    }
  });

  it('names a request, and the reply to it', () => {
    expect(kafkaProtocol.requestIn(request(0, 7))).toEqual({ id: 7, command: 'Produce', collection: undefined });
    expect(kafkaProtocol.requestIn(request(99, 8)).command).toBeUndefined();
    expect(kafkaProtocol.answeredBy(Buffer.from([0, 0, 0, 4, 0, 0, 0, 9]))).toBe(9);
  });
});
