/** Who the certificates name as their organisation: the user, as Docker Machine did. */
export function ownerOf(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  return (platform === 'win32' ? env.USERNAME : env.USER) || 'unknown'
}
