import { describe, expect, it } from 'vitest';
import { banner } from './banner.js';

const shop = {
  address: 'http://localhost:3000',
  database: { uri: 'mongodb://ada:secret@127.0.0.1:27991/myshop', name: 'myshop', servers: '127.0.0.1:27991' },
};

describe('what stands on the screen', () => {
  it('names the database in use, how to follow a rebuild and who may log in; never the database’s password', () => {
    const text = banner(shop, { auth: { kind: 'development', maxAgeSeconds: 60 } });
    expect(text).toMatch(/MongoDB +127\.0\.0\.1:27991, database myshop/);
    expect(text).toMatch(/admin\/rebuilds\/<id> .*text\/event-stream/);
    expect(text).toContain('admin@shop.test');
    expect(text).not.toContain('secret');
  });

  it('names no users where another issuer is believed', () => {
    const auth = { kind: 'external', jwksUrl: new URL('https://id.example.com'), issuer: 'i', audience: 'a' } as const;
    expect(banner(shop, { auth: { ...auth, maxAgeSeconds: 60 } })).not.toContain('@shop.test');
  });
});
