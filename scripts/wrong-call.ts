/** The command was called in a way that it does not know: its usage is shown, and it ends with 2. */
export class WrongCall extends Error {}
