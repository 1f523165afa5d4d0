/** The names of what the store keeps in its database. Read models beside them are named by their generations. */
export const COLLECTIONS = {
  commits: 'commits',
  /** A view on the commits with one row an event, for people and tools. */
  events: 'events',
  snapshots: 'nestfold.snapshots',
  leases: 'nestfold.leases',
  checkpoints: 'nestfold.checkpoints',
  watermarks: 'nestfold.watermarks',
  parked: 'nestfold.parked',
  /** Commits of parked streams that came by a topic. */
  heldCommits: 'nestfold.held_commits',
  generations: 'nestfold.generations',
  registry: 'nestfold.projections',
  nodes: 'nestfold.nodes',
  store: 'nestfold.store',
} as const;
