/**
 * A version as an `ETag`, for answers whose `If-Match` a caller may send back.
 *
 * @example `response.setHeader('ETag', etagOf(receipt.version))`
 * @publicApi
 */
export function etagOf(version: number): string {
  return `"${version}"`;
}
