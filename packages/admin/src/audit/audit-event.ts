/** What a change is about. */
export interface AuditSubject {
  readonly projection?: string;
  readonly handler?: string;
  readonly rebuild?: string;
  readonly partitions?: number;
  /** Events a second; `null` where a limit is taken away. */
  readonly throttle?: number | null;
  readonly stream?: string;
  readonly topic?: string;
  readonly deadLetter?: string;
  /** The event that fails: `<stream>:<version>`. */
  readonly event?: string;
}

/** What an operator did, as it is stored in `$admin-<yyyy-mm>`. Its names begin with `$`, so no application's event is taken for one. */
export interface AuditEvent {
  readonly type:
    | '$admin.rebuild-requested'
    | '$admin.rebuild-cancel-requested'
    | '$admin.rebuild-pause-requested'
    | '$admin.rebuild-resume-requested'
    | '$admin.rebuild-throttle-requested'
    | '$admin.stream-rebuild-requested'
    | '$admin.projection-pause-requested'
    | '$admin.projection-resume-requested'
    | '$admin.projection-rollback-requested'
    | '$admin.dead-letter-retry-requested'
    | '$admin.dead-letter-discard-requested'
    | '$admin.refused-redrive-requested';
  readonly data: AuditSubject & {
    readonly actor: { readonly id: string; readonly roles: readonly string[] };
  };
}
