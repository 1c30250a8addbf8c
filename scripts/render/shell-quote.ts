/**
 * A value as one word of POSIX sh, in single quotes (XCU 2.2.2) unless it needs none.
 * @throws TypeError for a value that a shell word cannot hold: undefined, an object, a NUL byte
 */
export function shellQuote(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError(`no shell word: ${typeof value}`);
  const text = String(value);
  if (text.includes('\0')) throw new TypeError('no shell word: NUL byte');
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
