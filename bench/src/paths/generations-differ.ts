import type { Db, Document } from 'mongodb';

/** How many documents two collections do not have in common, field by field. */
export async function differencesBetween(database: Db, left: string, right: string): Promise<number> {
  const others = database.collection(right).find().sort({ _id: 1 });
  let different = 0;
  let other = await others.next();
  for await (const one of database.collection(left).find().sort({ _id: 1 })) {
    // What the other one has beside it.
    while (other !== null && String(other._id) < String(one._id)) {
      different += 1;
      other = await others.next();
    }
    if (other === null || String(other._id) !== String(one._id)) different += 1;
    else {
      if (textOf(other) !== textOf(one)) different += 1;
      other = await others.next();
    }
  }
  for (; other !== null; other = await others.next()) different += 1;
  return different;
}

/** The same for the same fields in whatever order. */
function textOf(document: Document): string {
  return JSON.stringify(Object.entries(document).sort(([left], [right]) => (left < right ? -1 : 1)));
}
