/** The longest text of a command that is told to people: nobody would type more, in characters. */
export const longestTyped = 3000;

/** The longest value of a fact that is handed in and brought over, in characters: a file with all that a daemon can be told. */
export const longestValue = 200_000;
