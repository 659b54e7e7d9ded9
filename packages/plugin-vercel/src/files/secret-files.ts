/** What must not leave the machine by accident: variables, credentials of package managers and clouds, keys, histories, and journals. */
const patterns: readonly RegExp[] = [
  /(^|\/)\.env(\.(?!example$|sample$|template$)[^/]*)?$/,
  /(^|\/)\.(npmrc|yarnrc|netrc|pgpass|htpasswd|git-credentials|vault-token|dockercfg)$/,
  /(^|\/)\.(git|ssh|aws|gnupg|kube|docker|fairlead)\//,
  /(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/,
  /\.(pem|key|p12|pfx|jks|keystore|ppk|kdbx|tfstate)$/,
  /(^|\/)(service-account|credentials)[^/]*\.json$/,
];

/** The paths that look like secrets. By name only; nothing is read. */
export function secretFilesOf(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => patterns.some((pattern) => pattern.test(path.toLowerCase())));
}
