/** Why a statement has no value. */
export class Wrong {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}
