/**
 * Ciphers in the order we offer them. AES-CTR (with ssh2's encrypt-then-MAC) comes first: ssh2's own order begins with
 * AES-GCM, whose decoder fails now and then with "Invalid state for operation setAuthTag" when a packet's tag arrives in
 * pieces, as it does over distance. The others stay for servers that take nothing else.
 */
export const CIPHERS = [
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
] as const
