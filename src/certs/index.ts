/** Certificates: built with node-forge's ASN.1, signed and verified by node:crypto. Bytes in, bytes out. */
export { belongTogether, type Examined, examine, namesIn, pairProblem, serverCertProblem } from './examine.ts'
export { createCa, issueClientCert, issueServerCert, type KeyAndCert } from './issue.ts'
export { ownerOf } from './owner.ts'
