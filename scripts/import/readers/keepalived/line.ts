/** A line of a file, without comment. */
export interface Line {
  text: string;
  file: string;
  line: number;
}
