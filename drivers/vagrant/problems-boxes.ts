import type { Problem } from './problems.ts'

const OTHER = 'name another box with --vagrant-box'

/** Boxes and images, and how they come here. */
export const BOXES: readonly Problem[] = [
  {
    says: /architecture/i,
    kind: /^Box/,
    code: 'VAGRANT_NO_BOX',
    tell: of => `there is no box ${named(of)}for this computer's processor (${process.arch})`,
    hints: [`${OTHER} that is made for it`],
  },
  {
    kind: /^BoxAddNoMatchingProvider/,
    code: 'VAGRANT_NO_BOX',
    tell: of =>
      `there is no box ${named(of)}for provider ${(of('Requested provider') || of('Provider')).replace(/[[\]":]/g, '').split(' ')[0]}`,
    hints: [`${OTHER} made for this provider, or another provider with --vagrant-provider`],
  },
  {
    kind: /^BoxAddNoMatchingVersion$/,
    code: 'VAGRANT_NO_BOX',
    tell: of => `the box ${named(of)}has no version ${of('Constraints')}; there are ${of('Available versions')}`,
    hints: ['choose one with --vagrant-box-version'],
  },
  {
    kind: /^BoxAddDirectVersion$/,
    code: 'VAGRANT_NO_BOX',
    tell: () => 'a box that is a file has no version to choose',
    hints: ['leave --vagrant-box-version out'],
  },
  {
    kind: /^BoxAddShortNotFound$/,
    says: /The box '([^']*)'/,
    code: 'VAGRANT_NO_BOX',
    tell: (of, said) => `the box "${said?.[1]}" is not in the catalogue, or that cannot be reached: ${of('Error')}`,
    hints: ['is its name right? it is USER/NAME', `${OTHER}, or say where it is with --vagrant-box-url`],
  },
  {
    kind: /^(BoxNotFound|BoxFileNotExist|BoxMetadataFileNotFound|BoxVersionInvalid|BoxMetadata|BoxProviderDoesntMatch|BoxAdd)/,
    code: 'VAGRANT_NO_BOX',
    hints: [OTHER, 'look at --vagrant-box-url and --vagrant-box-version'],
  },
  {
    kind: /^(DownloaderChecksumError|BoxChecksumMismatch)$/,
    code: 'VAGRANT_BAD_BOX',
    tell: () => 'the box that was downloaded is not the one its catalogue describes',
    hints: ['try again; if it stays so, something on the way changes it'],
  },
  {
    kind: /^(BoxUnpackageFailure|BoxVerificationFailed|BoxMetadataCorrupted)$/,
    code: 'VAGRANT_BAD_BOX',
    hints: ['is it a box, and whole? `vagrant box list` shows those that are here'],
  },
  {
    says: /Couldn't open file (\S+)/,
    kind: /^DownloaderError$/,
    code: 'VAGRANT_NO_BOX',
    tell: (_of, said) => `there is no box file ${said?.[1]}`,
    hints: ['look at --vagrant-box-url'],
  },
  {
    kind: /^Downloader/,
    says: /\s*([^\n]*)\s*$/,
    code: 'VAGRANT_DOWNLOAD',
    tell: (_of, said) => `the box could not be downloaded: ${said?.[1]}`,
    hints: [
      'is the network up? a proxy is read from http_proxy and https_proxy',
      'the next `create` goes on where this one stopped',
    ],
  },
  {
    says: /Unable to find image '([^']+)'|(?:pull access denied for|manifest for|No such image:) ([^\s,]+)/,
    kind: /^ExecuteError$/,
    code: 'VAGRANT_NO_BOX',
    tell: (_of, said) => `there is no image ${said?.[1] ?? said?.[2]} here, and none to pull`,
    hints: ['name an image that runs systemd and sshd with --vagrant-box'],
  },
]

function named(of: (heading: string) => string): string {
  return of('Name') || of('Box') ? `"${of('Name') || of('Box')}" ` : ''
}
