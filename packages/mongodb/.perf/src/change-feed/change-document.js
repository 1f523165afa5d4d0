/** After these the stream ends, or the log is another one. */
const ENDINGS = ['drop', 'rename', 'dropDatabase', 'invalidate'];
/** Lets through inserted commits, any change of the notices, and what ends the log; of these only the fields in use. */
export function feedPipeline({ commits, notices }) {
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
        { $project: { operationType: 1, clusterTime: 1, 'ns.coll': 1, fullDocument: 1, size: { $bsonSize: '$fullDocument' } } },
    ];
}
/** Whether a change ends the log that was followed. */
export function endsLog(change) {
    return ENDINGS.includes(change.operationType);
}
/** Whether a change is a commit: a fence row, which a decision inserts and deletes in one transaction, holds no events. */
export function isCommit(change, commits) {
    return change.operationType === 'insert' && change.ns?.coll === commits && (change.fullDocument?.e?.length ?? 0) > 0;
}
