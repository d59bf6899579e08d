export const mask = '******';

const secretName =
  /pass|pwd|secret|token|credential|jaas|(?:^|[^a-z])key|[a-z]key(?:$|[^a-z])|api.?key|access.?key|auth(?!or)|cert|private|signature|cookie|dsn|vcap_services/i;
const userinfo = /([a-z][a-z\d+.-]*:\/\/[^\s:/@]*:)\S*@/gi;
const bareUserinfo = /([a-z][a-z\d+.-]*:\/\/)[^\s:/@]+@/gi;
const parameter = /((?:password|passwd|pwd|secret|token|key|sig|signature)["']?\s*[=:]\s*["']?)[^&\s;,"']+/gi;
/** Shorter ones are found in texts that have nothing to do with them. */
const shortestSecret = 6;

/** Whether the value of a variable of this name is nobody's business. The path of a file that holds it is. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !/_FILE$/i.test(name);
}

/** What may be shown of a value: nothing of a secret, of a URI all but its credentials. `secrets` are texts that must not be in it either. */
export function masked(name: string, value: string, secrets: ReadonlySet<string> = new Set()): string {
  if (isSecretName(name)) return mask;
  const shown = value
    .replace(userinfo, `$1${mask}@`)
    .replace(bareUserinfo, `$1${mask}@`)
    .replace(parameter, `$1${mask}`);
  return [...secrets].some((secret) => shown.includes(secret)) ? mask : shown;
}

/** The secrets in variables: values of those that are secret by their name, and passwords in URIs. */
export function secretsIn(variables: Readonly<Record<string, string | undefined>>): Set<string> {
  const secrets = Object.entries(variables).flatMap(([name, value = '']) => {
    const passwords = [...value.matchAll(/:\/\/[^\s:/@]*:(\S*)@/g)].map(([, password = '']) => password);
    return isSecretName(name) ? [value, ...passwords] : passwords;
  });
  return new Set(secrets.filter((secret) => secret.length >= shortestSecret));
}
