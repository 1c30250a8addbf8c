/** The longest name of a student or a course, which becomes a part of a file's name. */
export const longestName = 60;

/**
 * The name of a student or a course as the kit keeps it, so that two spellings are one: without blanks around it, and with letters
 * with accents in one form of Unicode.
 */
export function plainName(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ');
}

/** Whether a text is a name in that form. A course may have none. */
export function isName(text: string): boolean {
  return text === plainName(text) && text.length <= longestName && !/\p{C}/u.test(text);
}
