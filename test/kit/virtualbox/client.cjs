// VBoxManage, as it is called: hands its words to the stand-in in the test's process, and prints what that says. Plain
// JavaScript, so that it starts quickly: node client.cjs SOCKET WORDS…
const { connect } = require('node:net')

const [path, ...argv] = process.argv.slice(2)
const NAMES = ['LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LANG', 'LANGUAGE', 'VBOX_USER_HOME']
const env = Object.fromEntries(NAMES.filter(name => process.env[name] !== undefined).map(name => [name, process.env[name]]))
const socket = connect(path)
let rest = ''
let exit

socket.write(`${JSON.stringify({ argv, cwd: process.cwd(), env, parent: process.ppid })}\n`)
if (argv.includes('stdin')) process.stdin.pipe(socket)
else socket.end()

socket.setEncoding('utf8')
socket.on('data', text => {
  const lines = (rest + text).split('\n')
  rest = lines.pop()
  for (const line of lines) {
    const said = JSON.parse(line)
    if (said.out !== undefined) process.stdout.write(said.out)
    if (said.err !== undefined) process.stderr.write(said.err)
    if (said.exit !== undefined) exit = said.exit
  }
})
socket.on('error', () => {})
socket.on('close', () => {
  process.stdin.unpipe(socket)
  process.stdin.destroy()
  // What it says when its server is gone.
  if (exit === undefined) process.stderr.write('VBoxManage: error: Failed to create the VirtualBox object!\n')
  process.exitCode = exit ?? 1
})
