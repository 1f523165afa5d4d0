/** Why something that stands in a topic is no commit. */
export class Unreadable extends Error {}
