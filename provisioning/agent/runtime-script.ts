/**
 * Shell that puts a pinned Node runtime onto a host: POSIX sh, at home in busybox, run as root. The folder gets its name when all
 * in it has been checked and Node has said its version; until then it is `.new-…`, which the next run takes away.
 */
import { all, type Cmd, script, sh } from '../../src/ssh/quote.ts'
import { MARK, RUNTIME_DIR } from './runtime-facts.ts'
import { folderOf, type PinnedRuntime } from './runtimes.ts'

/** Exit codes. */
export const EXIT = {
  /** Another session's work on it does not end. */
  busy: 14,
  /** No room; stdout says how many KiB there are. */
  full: 20,
  /** The host could not fetch the tarball; stderr says why. */
  fetch: 21,
  /** What came is not the tarball. */
  digest: 22,
  /** Node does not start; stderr says why. */
  start: 23,
  /** A tool is missing; stderr says which. */
  tool: 24,
} as const

/** Room for the tarball and what is in it, with some to spare. */
export const NEEDED_KB = 250 * 1024

/** How long a host may take to fetch the tarball. */
export const FETCH_SECONDS = 20

/** Sessions of two stores take turns; whoever comes second finds it done. */
const PREPARE = `
LC_ALL=C; export LC_ALL; umask 022
has() { command -v "$1" >/dev/null 2>&1; }
for t in tar gzip sha256sum sha512sum; do has $t || { echo "there is no $t" >&2; exit ${EXIT.tool}; }; done
mkdir -p ${RUNTIME_DIR} && cd ${RUNTIME_DIR} || exit 1
if has flock && [ -d /run ]; then
  exec 9>/run/machine-agent-runtime.lock; t=0
  until flock -n 9; do t=$((t + 1)); [ $t -lt 240 ] || exit ${EXIT.busy}; sleep 1; done
fi
[ "$(cat "$FOLDER/${MARK}" 2>/dev/null)" = "$NODE_SHA256 $NODE_BYTES" ] &&
  [ "$(stat -c '%s %u' "$FOLDER/node" 2>/dev/null)" = "$NODE_BYTES 0" ] && exit 0
rm -rf .new-*
free=$(df -Pk . | awk 'NR == 2 { print $4 }')
[ "\${free:-${NEEDED_KB}}" -ge ${NEEDED_KB} ] || { echo "$free"; exit ${EXIT.full}; }
new=.new-$$
trap 'trap "" HUP INT TERM; rm -rf "$new"' EXIT; trap 'exit 1' HUP INT TERM
mkdir "$new" || exit 1
`

/** curl gives up a host that cannot be reached sooner; the watcher ends whatever takes too long. */
const FETCH = `
if has curl; then get() { exec curl -fsSL --connect-timeout 6 -o "$new/tgz" "$URL"; }
elif has wget; then get() { exec wget -q -T 6 -O "$new/tgz" "$URL"; }
else echo 'there is neither curl nor wget' >&2; exit ${EXIT.fetch}; fi
get 9>&- & fetching=$!
( trap 'kill $s; exit' TERM; sleep ${FETCH_SECONDS} & s=$!; wait $s; kill $fetching ) >/dev/null 2>&1 </dev/null 9>&- & watching=$!
wait $fetching; code=$?
kill $watching 2>/dev/null
case $code in
0) ;;
143) echo 'it took more than ${FETCH_SECONDS} s' >&2; exit ${EXIT.fetch} ;;
*) echo "exit code $code" >&2; exit ${EXIT.fetch} ;;
esac
`

const TAKE = `
cat >"$new/tgz" || exit 1
`

const UNPACK = `
echo "$SHA512  $new/tgz" | sha512sum -c >/dev/null 2>&1 || { echo 'it is not the file it should be' >&2; exit ${EXIT.digest}; }
tar -xzf "$new/tgz" -C "$new" package/bin/node && rm "$new/tgz" && mv "$new/package/bin/node" "$new/node" &&
  rm -r "$new/package" && chown 0:0 "$new" "$new/node" && chmod 755 "$new" "$new/node" || exit 1
echo "$NODE_SHA256  $new/node" | sha256sum -c >/dev/null 2>&1 || { echo 'Node in it is not what it should be' >&2; exit ${EXIT.digest}; }
said=$("$new/node" --version 2>&1) && [ "$said" = "v$VERSION" ] || { echo "$said" >&2; exit ${EXIT.start}; }
echo "$NODE_SHA256 $NODE_BYTES" >"$new/${MARK}" || exit 1
sync "$new/node" "$new/${MARK}" 2>/dev/null || sync
rm -rf "$FOLDER" && mv "$new" "$FOLDER"
`

/** Makes the host fetch the tarball at `url` by itself. */
export function fetchCommand(runtime: PinnedRuntime, url: string): Cmd {
  return all(variables(runtime), sh`URL=${url}`, script([PREPARE.trimStart(), FETCH, UNPACK].join('')))
}

/** Takes the tarball from stdin. */
export function pushCommand(runtime: PinnedRuntime): Cmd {
  return all(variables(runtime), script([PREPARE.trimStart(), TAKE, UNPACK].join('')))
}

function variables(r: PinnedRuntime): Cmd {
  return sh`FOLDER=${folderOf(r)} VERSION=${r.version} SHA512=${r.sha512} NODE_SHA256=${r.nodeSha256} NODE_BYTES=${r.nodeBytes}`
}
