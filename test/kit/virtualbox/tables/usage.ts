/** What follows an error of syntax: shorter than the real one, which prints pages. */
export const USAGE: Readonly<Record<string, string>> = {
  '': 'VBoxManage [-V | --version] [-q | --nologo] [<command> [options]]',
  list: 'VBoxManage list [--long] [--sorted] <vms | runningvms | ostypes | hostdvds | hostonlyifs | hostonlynets | …>',
  createvm:
    'VBoxManage createvm --name=<name> [--basefolder=<folder>] [--ostype=<ostype>] [--register] [--uuid=<uuid>]',
  modifyvm: 'VBoxManage modifyvm <uuid | vmname> [--name=<name>] [--memory=<MB>] …',
  showvminfo: 'VBoxManage showvminfo <uuid | vmname> [--details] [--machinereadable]',
  storagectl: 'VBoxManage storagectl <uuid | vmname> --name=<controller-name> [--add=<bus>] [--controller=<chipset>] …',
  storageattach:
    'VBoxManage storageattach <uuid | vmname> --storagectl=<name> [--port=<n>] [--device=<n>] [--type=<type>] …',
  controlvm:
    'VBoxManage controlvm <uuid | vmname> <pause | resume | reset | poweroff | savestate | acpipowerbutton | …>',
  startvm: 'VBoxManage startvm <uuid | vmname …> [--type=<gui | headless | sdl | separate>]',
  hostonlyif: 'VBoxManage hostonlyif <create | remove <ifname> | ipconfig <ifname> …>',
  dhcpserver: 'VBoxManage dhcpserver <add | modify | remove | restart | findlease> …',
}
