import { mostCharacters } from '@storefront/contracts';
import { z } from 'zod';

/** What a command may say; no body at all says nothing. */
export const CommandBody = z.object({ note: z.string().max(mostCharacters.note).nullish() }).nullish();
export type CommandBody = z.infer<typeof CommandBody>;
