import type { Document, ResumeToken, Timestamp } from 'mongodb';
import type { CommitDocument } from '../event-store/commit-document.js';

/** A change event, cut down by the pipeline to what is used. */
export interface ChangeDocument {
  readonly _id: ResumeToken;
  readonly operationType: string;
  readonly clusterTime?: Timestamp;
  readonly ns?: { readonly coll?: string };
  readonly fullDocument?: CommitDocument;
  /** The commit's size in BSON. */
  readonly size?: number;
}

/** The collections that a feed looks at. */
export interface FeedCollections {
  readonly commits: string;
  /** Collections of which only the fact of a change matters. */
  readonly notices: readonly string[];
}

/** After these the stream ends, or the log is another one. */
const ENDINGS = ['drop', 'rename', 'dropDatabase', 'invalidate'];

/** Lets through inserted commits, any change of the notices, and what ends the log; of these only the fields in use. */
export function feedPipeline({ commits, notices }: FeedCollections): Document[] {
  return [
    {
      $match: {
        $or: [
          { operationType: 'insert', 'ns.coll': commits },
          { operationType: { $in: ['insert', 'update', 'replace', 'delete'] }, 'ns.coll': { $in: [...notices] } },
          { operationType: { $in: ['drop', 'rename'] }, 'ns.coll': commits },
          { operationType: { $in: ['dropDatabase', 'invalidate'] } },
        ],
      },
    },
    {
      $project: {
        operationType: 1,
        clusterTime: 1,
        'ns.coll': 1,
        fullDocument: 1,
        size: { $bsonSize: '$fullDocument' },
      },
    },
  ];
}

/** Whether two changes became visible at one time: those of one transaction do. */
export function shareTime(one: ChangeDocument, other: ChangeDocument): boolean {
  return one.clusterTime !== undefined && other.clusterTime?.equals(one.clusterTime) === true;
}

/** Whether a change ends the log that was followed. */
export function endsLog(change: ChangeDocument): boolean {
  return ENDINGS.includes(change.operationType);
}

/** Whether a change is a commit: a fence row, which a decision inserts and deletes in one transaction, holds no events. */
export function isCommit(change: ChangeDocument, commits: string): boolean {
  return change.operationType === 'insert' && change.ns?.coll === commits && (change.fullDocument?.e?.length ?? 0) > 0;
}
