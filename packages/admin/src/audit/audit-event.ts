/** What an operator did, as it is stored in `$admin-<yyyy-mm>`. Its names begin with `$`, so no application's event is taken for one. */
export interface AuditEvent {
  readonly type: '$admin.rebuild-requested' | '$admin.rebuild-cancel-requested';
  readonly data: {
    readonly projection?: string;
    readonly rebuild?: string;
    readonly actor: { readonly id: string; readonly roles: readonly string[] };
  };
}
