/** The languages of exercises. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** One text in all languages. */
export type Words = Record<Language, string>;
