/** Certificates: built with node-forge's ASN.1, signed and verified by node:crypto. Bytes in, bytes out. */
export {
  belongTogether,
  certificatesIn,
  type Examined,
  examine,
  namesIn,
  pairProblem,
  serverCertProblem,
} from './examine.ts'
export {
  type ClientCertOptions,
  createCa,
  isLabel,
  issueClientCert,
  issueCrossCert,
  issueServerCert,
  type KeyAndCert,
} from './issue.ts'
export { ownerOf } from './owner.ts'
export { isSerial, readRevocations, signRevocations } from './revocations.ts'
