import { uriCredentials, withoutUriCredentials } from './uri-credentials';

export const mask = '******';

const secretName =
  /pass|pwd|secret|token|credential|jaas|(?:^|[^a-z])key|[a-z]key(?:$|[^a-z])|api.?key|access.?key|auth(?!or)|cert|private|signature|cookie|dsn|vcap_services/i;
const word = /\S+/g;
const parameterName = /passw(?:or)?d|pwd|secret|token|key|sig(?:nature)?/gi;
const assignment = /["']?\s{0,9}[=:]\s{0,9}["']?/y;
const parameterValue = /[^&\s;,"']+/y;
/** Shorter ones are found in texts that have nothing to do with them. */
const shortestSecret = 6;

/** Whether the value of a variable of this name is nobody's business. The path of a file that holds it is. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !/_FILE$/i.test(name);
}

/** What may be shown of a value: nothing of a secret, of a URI all but its credentials. `secrets` are texts that must not be in it either. */
export function masked(name: string, value: string, secrets: ReadonlySet<string> = new Set()): string {
  if (isSecretName(name)) return mask;
  const shown = withoutParameters(
    value.replace(word, (each) => withoutUriCredentials(each, mask, ['password', 'user'])),
  );
  return [...secrets].some((secret) => shown.includes(secret)) ? mask : shown;
}

/** The secrets in variables: values of those that are secret by their name, and passwords in URIs. */
export function secretsIn(variables: Readonly<Record<string, string | undefined>>): Set<string> {
  const secrets = Object.entries(variables).flatMap(([name, value = '']) => {
    const passwords = passwordsIn(value);
    return isSecretName(name) ? [value, ...passwords] : passwords;
  });
  return new Set(secrets.filter((secret) => secret.length >= shortestSecret));
}

function passwordsIn(text: string): string[] {
  return (text.match(word) ?? []).flatMap((each) =>
    uriCredentials(each)
      .filter(({ kind }) => kind === 'password')
      .map(({ start, end }) => each.slice(start, end)),
  );
}

/** The text with a mask for the values of what is called a secret in it: `password=…`, `"token": "…"`. */
function withoutParameters(text: string): string {
  let shown = '';
  let position = 0;
  for (const { 0: name, index } of text.matchAll(parameterName)) {
    assignment.lastIndex = index + name.length;
    if (index < position || !assignment.test(text)) continue;
    const start = assignment.lastIndex;
    parameterValue.lastIndex = start;
    if (!parameterValue.test(text)) continue;
    shown += text.slice(position, start) + mask;
    position = parameterValue.lastIndex;
  }
  return shown + text.slice(position);
}
