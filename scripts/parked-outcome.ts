/** What a command did at one service, told for people and as JSON, and the exit code that it asks for. */
export interface Outcome {
  readonly code: number;
  readonly json: unknown;
  readonly text: string;
}
