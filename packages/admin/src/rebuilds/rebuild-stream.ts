import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Nestfold } from '@nestfold/nestjs';
import type { RebuildStatus } from '@nestfold/projections';
import { ADMIN_OPTIONS, type AdminOptions } from '../module/admin-options.js';
import { rebuildDto } from './rebuild.dto.js';

/** Sends a rebuild's progress as server-sent events: one `rebuild` event for each change, the last one with its end. */
@Injectable()
export class RebuildStream implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();

  constructor(
    private readonly nestfold: Nestfold,
    @Inject(ADMIN_OPTIONS) private readonly options: AdminOptions,
  ) {}

  /** Ends with the rebuild, with the caller's connection, or with the application. */
  async send(response: object, first: RebuildStatus): Promise<void> {
    const socket = rawResponse(response);
    const gone = new AbortController();
    this.open.add(gone);
    socket.on('close', () => gone.abort());
    // Who left while the status was looked up: nobody would tell of that any more.
    if (socket.destroyed) gone.abort();
    socket.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    try {
      await this.follow(socket, first, gone.signal);
    } finally {
      this.open.delete(gone);
      socket.end();
    }
  }

  /** Before anything else ends: the server would wait for these connections. */
  onModuleDestroy(): void {
    for (const controller of this.open) controller.abort();
  }

  private async follow(socket: ServerResponse, first: RebuildStatus, gone: AbortSignal): Promise<void> {
    const { pollMs = 500, heartbeatMs = 15_000 } = this.options;
    let status: RebuildStatus | undefined = first;
    let sent = '';
    let quietMs = 0;
    while (status !== undefined && !gone.aborted) {
      const data = JSON.stringify(rebuildDto(status));
      if (data !== sent) {
        socket.write(`event: rebuild\ndata: ${data}\n\n`);
        sent = data;
        quietMs = 0;
      } else if (quietMs >= heartbeatMs) {
        // A comment: proxies close connections that are silent.
        socket.write(': still running\n\n');
        quietMs = 0;
      }
      if (status.state !== 'running') return;
      await sleep(pollMs, undefined, { signal: gone, ref: false }).catch(() => undefined);
      quietMs += pollMs;
      // A look that fails (the store is away) is made again: the stream says nothing meanwhile.
      status = gone.aborted ? undefined : await this.nestfold.engine.rebuildStatus(first.id).catch(() => status);
    }
  }
}

/** Node's own response behind that of Express or Fastify. */
function rawResponse(response: object): ServerResponse {
  const { raw, hijack } = response as { raw?: ServerResponse; hijack?: () => void };
  if (raw === undefined) return response as ServerResponse;
  hijack?.call(response);
  return raw;
}
