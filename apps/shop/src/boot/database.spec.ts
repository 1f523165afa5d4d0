import { describe, expect, it } from 'vitest';
import { databaseOf } from './database.js';

describe('the shop’s database', () => {
  it.each([
    ['mongodb://127.0.0.1:27017', 'shop', '127.0.0.1:27017'],
    ['mongodb://127.0.0.1:27017/', 'shop', '127.0.0.1:27017'],
    ['mongodb://127.0.0.1:27017/?replicaSet=rs0', 'shop', '127.0.0.1:27017'],
    ['mongodb://127.0.0.1:27017/myshop', 'myshop', '127.0.0.1:27017'],
    ['mongodb://ada:p%40ss@h1:1,h2:2/my%20data?tls=true', 'my data', 'h1:1,h2:2'],
    ['mongodb+srv://ada:secret@cluster.example.com/myshop', 'myshop', 'cluster.example.com'],
  ])('of %s is %s on %s', (uri, name, servers) => {
    expect(databaseOf(uri, undefined)).toEqual({ uri, name, servers });
  });

  it('is the one that MONGODB_DATABASE names, whatever the URI says', () => {
    expect(databaseOf('mongodb://127.0.0.1/myshop', 'other').name).toBe('other');
  });
});
